// A form that brings the first field with an error into focus (WCAG 3.3.1), and text values with what was changed.
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';

interface FormProps {
  label: string;
  /** What the server said about fields; a new object moves the focus. */
  fields: Record<string, string>;
  children: ReactNode;
  className?: string;
  onSubmit: () => void;
}

export function Form({ label, fields, children, className, onSubmit }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const names = Object.keys(fields).join();
  useEffect(() => {
    if (names) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [names]);
  return (
    <form
      ref={form}
      aria-label={label}
      className={className ?? 'stack'}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

export type Texts = Record<string, string>;

/** Text values of a form over those they began with. */
export function useTexts<T extends Texts>(initial: T) {
  const [base, setBase] = useState(initial);
  const [values, setValues] = useState(initial);
  const changed = (Object.keys(values) as (keyof T & string)[]).filter((name) => values[name] !== base[name]);
  return {
    values,
    base,
    changed,
    set: (name: keyof T & string, value: string) => setValues((old) => ({ ...old, [name]: value })),
    /** Begins anew from what the server has. */
    reset: (now: T) => {
      setBase(now);
      setValues(now);
    },
    /** Keeps what was typed and takes the server's values elsewhere. */
    rebase: (now: T) => {
      setValues((old) => ({ ...now, ...Object.fromEntries(changed.map((name) => [name, old[name]])) }));
      setBase(now);
    },
    /** The control's props by name. */
    field: (name: keyof T & string) => ({
      name,
      value: values[name] ?? '',
      onChange: (event: { currentTarget: { value: string } }) => {
        const { value } = event.currentTarget;
        setValues((old) => ({ ...old, [name]: value }));
      },
    }),
  };
}
