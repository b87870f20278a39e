// The code that came to the phone. Who is new here is asked for a name, and nothing else.
import { useState } from 'react';
import { Problem, request } from '../../api/client';
import type { Session } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { Notice } from '../../ui/notice';
import { Form, isKnown, type StepProps, useFocus, useSubmit, Who } from './login_form';
import { loginClean } from './login_name';
import { SecretInput } from './secret_input';

export interface CodeSent {
  request: string;
  expires_at: string;
  tries: number;
}

/** Asks for a code; undefined where none can be sent, so that a password is asked for instead. */
export async function codeRequest(phone: string): Promise<CodeSent | undefined> {
  const language = document.documentElement.lang.slice(0, 2) || 'en';
  try {
    return (await request<CodeSent>('POST', '/api/auth/codes', { body: { phone, language } })).data;
  } catch (problem) {
    const isOffered = !(problem instanceof Problem) || problem.code !== 'identity.codes_not_offered';
    if (isOffered) throw problem;
    return undefined;
  }
}

interface CodeStepProps extends StepProps {
  sent: CodeSent;
  onSent: (sent: CodeSent) => void;
  onKnown: (known: boolean) => void;
}

export function CodeStep({ login, sent, onSent, onBack, onKnown, onDone }: CodeStepProps) {
  const { t } = useTranslation();
  const state = useSubmit();
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [isNew, setNew] = useState(false);
  const [isClaimed, setClaimed] = useState(false);
  const [password, setPassword] = useState('');
  const [isAgain, setAgain] = useState(false);
  const field = useFocus();
  const digits = code.replace(/\D/g, '');
  const check = () => {
    const found: Record<string, string> = {};
    if (digits.length !== 6) found.code = t('login.code_short');
    if (isNew && !name.trim()) found.name = t('login.name_missing');
    return found;
  };
  const send = async (more: object) => {
    const body = { request: sent.request, code: digits, ...(isNew && { name: name.trim() }), ...more };
    try {
      onDone((await request<Session>('POST', '/api/session/code', { body })).data);
    } catch (problem) {
      const said = problem instanceof Problem ? problem.code : '';
      if (said === 'identity.name_missing' && !isNew) setNew(true);
      else if (said === 'identity.account_claimed' && !isClaimed) setClaimed(true);
      else throw problem;
    }
  };
  const onSubmit = state.submit(
    () => ({ ...check(), ...(isClaimed && !password && { password: t('login.password_missing') }) }),
    () => send(isClaimed ? { password } : {}),
  );
  const takeOver = state.submit(check, () => send({ take_over: true }));
  const again = state.submit(
    () => ({}),
    async () => {
      const next = await codeRequest(loginClean(login));
      if (!next) return;
      onSent(next);
      setCode('');
      setAgain(true);
    },
  );
  const withPassword = state.submit(
    () => ({}),
    async () => onKnown(await isKnown(loginClean(login))),
  );
  return (
    <Form state={state} label={t('login.code_title')} onSubmit={onSubmit}>
      <Who login={login} onBack={onBack} />
      {isAgain && <Notice kind="info" role="status" title={t('login.code_sent_again')} />}
      <TextInput
        ref={field}
        label={t('login.code')}
        description={t('login.code_hint')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        value={code}
        onChange={(e) => setCode(e.currentTarget.value)}
        error={state.fields.code}
      />
      {isNew && (
        <>
          <Notice kind="info" role="status" title={t('login.code_new')} />
          <TextInput
            label={t('login.name')}
            name="name"
            autoComplete="name"
            autoFocus
            maxLength={200}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            error={state.fields.name}
          />
        </>
      )}
      {isClaimed && (
        <>
          <Notice kind="warn" role="status" title={t('login.claimed')}>
            <p>{t('login.claimed_text')}</p>
          </Notice>
          <SecretInput
            label={t('login.password')}
            name="password"
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
            error={state.fields.password}
          />
        </>
      )}
      <Button type="submit" loading={state.pending}>
        {t('login.sign_in')}
      </Button>
      {isClaimed && (
        <div>
          <Button variant="subtle" color="danger" onClick={takeOver}>
            {t('login.claimed_anew')}
          </Button>
        </div>
      )}
      <div className="row">
        <Button variant="subtle" onClick={again}>
          {t('login.code_again')}
        </Button>
        <Button variant="subtle" onClick={withPassword}>
          {t('login.code_password')}
        </Button>
      </div>
    </Form>
  );
}
