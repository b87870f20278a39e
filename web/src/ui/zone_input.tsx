// A time zone by its IANA name, with those that the browser knows to choose from.
import { useId, useMemo } from 'react';
import { TextInput, type TextInputProps } from './fields';

export function ZoneInput(props: TextInputProps) {
  const zones = useId();
  const known = useMemo(() => Intl.supportedValuesOf?.('timeZone') ?? [], []);
  return (
    <>
      <TextInput {...props} list={zones} autoComplete="off" spellCheck={false} />
      <datalist id={zones}>
        {known.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
