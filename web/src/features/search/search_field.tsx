// The search field with suggestions below it: an editable combobox whose list can be ignored (ARIA 1.2, APG). What is
// typed is searched in any case; the arrow keys enter the list, Enter takes, Escape closes.
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Suggestion } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { TextInput } from '../../ui/fields';
import options from '../../ui/options.module.css';
import classes from './search_field.module.css';
import { useSuggestions } from './suggestions';

interface SearchFieldProps {
  label: string;
  placeholder: string;
  city?: number;
  value: string;
  onType: (typed: string) => void;
  onChoose: (chosen: Suggestion, all: Suggestion[]) => void;
}

const keyOf = (s: Suggestion) => `${s.kind}-${s.id}`;

export function SearchField({ label, placeholder, city, value, onType, onChoose }: SearchFieldProps) {
  const { t } = useTranslation();
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  // By name, not by place: the list may change under the finger.
  const [active, setActive] = useState<string>();
  const items = useSuggestions(value, city, open);
  const index = items.findIndex((s) => keyOf(s) === active);
  const shown = open && items.length > 0;
  useEffect(() => {
    if (shown && index >= 0) document.getElementById(`${list}-${index}`)?.scrollIntoView({ block: 'nearest' });
  }, [shown, index, list]);
  const close = () => {
    setOpen(false);
    setActive(undefined);
  };
  const choose = (chosen: Suggestion) => {
    close();
    onChoose(chosen, items);
  };
  /** One place beyond either end is the field itself. */
  const move = (step: number) => {
    const places = items.length + 1;
    const next = (index + 1 + step + places) % places;
    const item = items[next - 1];
    setActive(item && keyOf(item));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = shown ? items[index] : undefined;
    if (step !== undefined) {
      event.preventDefault();
      if (shown) move(step);
      else setOpen(true);
    } else if (event.key === 'Enter') {
      // Without a choice in the list the form is sent.
      if (chosen) event.preventDefault();
      if (chosen) choose(chosen);
      else close();
    } else if (event.key === 'Escape' && (shown || value)) {
      event.preventDefault();
      if (!shown) onType('');
      close();
    }
  };
  return (
    <div className={classes.place}>
      <TextInput
        ref={input}
        role="combobox"
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && index >= 0 ? `${list}-${index}` : undefined}
        enterKeyHint="search"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={100}
        label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => {
          setActive(undefined);
          setOpen(true);
          onType(event.currentTarget.value);
        }}
        onClick={() => setOpen(true)}
        onBlur={close}
        onKeyDown={onKeyDown}
        rightSection={
          value && (
            <button
              type="button"
              className={classes.clear}
              aria-label={t('search.keyword_clear')}
              onClick={() => {
                onType('');
                input.current?.focus();
              }}
            >
              <IconX size={18} aria-hidden="true" />
            </button>
          )
        }
      />
      <p role="status" className="hidden">
        {shown ? t('search.suggestions', { count: items.length }) : ''}
      </p>
      {shown && (
        <div role="listbox" id={list} aria-label={t('search.suggestions_label')} className={classes.list}>
          {items.map((item, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <div
              key={keyOf(item)}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === index}
              className={options.option}
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(item)}
            >
              <span className={options.name}>
                {item.name}
                {item.detail && <span className={options.detail}> {item.detail}</span>}
              </span>
              <span className={options.kind}>
                {t(`search.kind_${item.kind}`)}
                {item.doctors !== undefined && (
                  <>
                    {' · '}
                    {t('search.count', { count: item.doctors })}
                  </>
                )}
              </span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
