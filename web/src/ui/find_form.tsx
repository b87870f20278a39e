// Words to look for: asked for with Enter or the button, not while they are typed.
import { type Ref, useState } from 'react';
import { useTranslation } from '../app/i18n';
import { Button } from './button';
import { TextInput } from './fields';

interface FindFormProps {
  label: string;
  className?: string;
  /** What the box begins with. */
  initial?: string;
  /** What is the main thing of its page has the filled button. */
  main?: boolean;
  minLength?: number;
  loading?: boolean;
  ref?: Ref<HTMLInputElement>;
  /** The words without the space around them. */
  onFind: (words: string) => void;
}

export function FindForm({
  label,
  className,
  initial = '',
  main = false,
  minLength,
  loading,
  ref,
  onFind,
}: FindFormProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(initial);
  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        onFind(typed.trim());
      }}
    >
      <TextInput
        ref={ref}
        type="search"
        label={label}
        autoComplete="off"
        minLength={minLength}
        value={typed}
        onChange={(e) => setTyped(e.currentTarget.value)}
      />
      {/* Never disabled: a button that is blocks Enter in the field, and who types fast would be ignored. */}
      <Button type="submit" variant={main ? undefined : 'default'} aria-busy={loading}>
        {t('desk.find')}
      </Button>
    </form>
  );
}
