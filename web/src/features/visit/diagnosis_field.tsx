// Diagnoses by search: a code's beginning, words, also misspelt. Enter takes the first; own words are taken as they are.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get } from '../../api/client';
import type { Diagnosis, DiagnosisCode } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import options from '../../ui/options.module.css';
import { useSettled } from '../../ui/use_settled';
import classes from './visit.module.css';

interface DiagnosisFieldProps {
  value: Diagnosis[];
  onChange: (value: Diagnosis[]) => void;
}

const kindOf = (place: number): Diagnosis['kind'] => (place === 0 ? 'primary' : 'secondary');

export function DiagnosisField({ value, onChange }: DiagnosisFieldProps) {
  const { t } = useTranslation();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const asked = useSettled(typed.trim(), 120);
  const query = useQuery({
    queryKey: ['diagnoses', asked],
    queryFn: ({ signal }) => get<{ items: DiagnosisCode[] }>('/api/diagnoses', { q: asked, limit: 8 }, signal),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
  const found = typed.trim().length > 1 ? (query.data?.items ?? []) : [];
  const add = (one: { code?: string; words: string }) => {
    setTyped('');
    setIndex(0);
    if (!one.words.trim() || value.some((d) => d.words === one.words)) return;
    onChange([...value, { ...one, kind: kindOf(value.length) }]);
  };
  const remove = (at: number) =>
    onChange(
      value.filter((_, i) => i !== at).map((d, i) => ({ ...d, kind: d.kind === 'suspected' ? d.kind : kindOf(i) })),
    );
  return (
    <div className={classes.field}>
      <TextInput
        label={t('treatment.diagnosis')}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={found.length > 0 ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${list}-${index}` : undefined}
        autoComplete="off"
        maxLength={100}
        placeholder={t('treatment.diagnosis_hint')}
        value={typed}
        onChange={(e) => {
          setTyped(e.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined && found.length > 0) {
            event.preventDefault();
            setIndex((index + step + found.length) % found.length);
          } else if (event.key === 'Enter' && typed.trim()) {
            event.preventDefault();
            add(found[index] ?? { words: typed.trim() });
          } else if (event.key === 'Escape' && typed) {
            event.preventDefault();
            setTyped('');
          }
        }}
      />
      {found.length > 0 && (
        <div role="listbox" id={list} aria-label={t('treatment.diagnosis')} className={classes.suggestions}>
          {found.map((one, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <div
              key={one.code}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === index}
              className={options.option}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => add(one)}
            >
              <span className={options.name}>{one.words}</span>
              <span className={options.kind}>{one.code}</span>
            </div>
          ))}
        </div>
      )}
      <ul className={classes.chosen}>
        {value.map((one, at) => (
          <li key={`${one.code ?? ''}${one.words}`}>
            <span>
              {one.words} {one.code && <span className="muted numbers">{one.code}</span>}
            </span>
            <Button
              compact
              variant="subtle"
              onClick={() => remove(at)}
              aria-label={t('treatment.remove', { what: one.words })}
            >
              ×
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
