// What the steps of the login share: a form that shows what the server says of its fields, and whose login it is.
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Problem, request } from '../../api/client';
import type { Session } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { ErrorState } from '../../ui/states';
import { loginClean } from './login_name';

/** Sends a form; what the server says about single fields comes back by the field's name. */
export function useSubmit() {
  const form = useRef<HTMLFormElement>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [fields, setFields] = useState<Record<string, string>>({});
  // The first field with an error takes the focus (WCAG 3.3.1).
  useEffect(() => {
    if (Object.keys(fields).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [fields]);
  const submit = (check: () => Record<string, string>, send: () => Promise<void>) => async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    const found = check();
    setFields(found);
    if (Object.keys(found).length > 0) return;
    setPending(true);
    try {
      await send();
    } catch (problem) {
      const named = problem instanceof Problem ? (problem.body.errors ?? []) : [];
      setFields(Object.fromEntries(named.map((e) => [e.pointer?.replace(/^\//, '') ?? '', e.detail ?? ''])));
      if (named.length === 0) setError(problem);
    }
    setPending(false);
  };
  return { form, pending, error, fields, submit };
}

export function Form({
  state,
  label,
  children,
  onSubmit,
}: {
  state: ReturnType<typeof useSubmit>;
  label: string;
  children: ReactNode;
  onSubmit: (e: FormEvent) => void;
}) {
  return (
    <form ref={state.form} className="stack" onSubmit={onSubmit} noValidate aria-label={label}>
      {children}
      {state.error !== undefined && <ErrorState error={state.error} />}
    </form>
  );
}

export interface StepProps {
  login: string;
  onBack: () => void;
  onDone: (session: Session) => void;
}

export function Who({ login, onBack }: { login: string; onBack: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="row">
      <strong>{login.trim()}</strong>
      <Button variant="subtle" onClick={onBack}>
        {t('login.change')}
      </Button>
      {/* Password managers want to see the name next to the password. */}
      <input type="text" name="username" autoComplete="username" value={loginClean(login)} readOnly hidden />
    </div>
  );
}

/** Whether somebody has the login: then a password is asked for, else the rest. */
export async function isKnown(login: string) {
  const { data } = await request<{ known: boolean }>('POST', '/api/auth/identify', { body: { login } });
  return data.known;
}

/** A new step begins at its first field. */
export function useFocus() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, []);
  return field;
}
