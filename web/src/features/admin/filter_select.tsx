// One of the words that a list can be narrowed to, or any.
import { useTranslation } from '../../app/i18n';
import { Select } from '../../ui/fields';

interface FilterSelectProps<T extends string> {
  label: string;
  value?: T;
  options: readonly T[];
  wordOf: (option: T) => string;
  onChoose: (option: T | undefined) => void;
}

export function FilterSelect<T extends string>({ label, value, options, wordOf, onChoose }: FilterSelectProps<T>) {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      value={value ?? ''}
      onChange={(e) => onChoose(options.find((option) => option === e.currentTarget.value))}
    >
      <option value="">{t('admin.any')}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {wordOf(option)}
        </option>
      ))}
    </Select>
  );
}
