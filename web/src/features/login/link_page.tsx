// Where the links of messages lead: to choose a new password, or to accept an invitation.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { request } from '../../api/client';
import type { Session } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { homeOf, useSignIn } from '../../app/session';
import { Button } from '../../ui/button';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { Form, useFocus, useSubmit } from './login_form';
import { SecretInput } from './secret_input';

/** The token leaves the address at once: it is neither kept in the history nor told to anybody. */
function useToken(told: string | undefined) {
  const [token] = useState(told ?? '');
  useEffect(() => {
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  return token;
}

interface ChooseProps {
  title: string;
  button: string;
  send: (password: string) => Promise<void>;
}
function Choose({ title, button, send }: ChooseProps) {
  const { t } = useTranslation();
  const state = useSubmit();
  const [password, setPassword] = useState('');
  const field = useFocus();
  const onSubmit = state.submit(
    (): Record<string, string> => (password ? {} : { password: t('login.password_missing') }),
    () => send(password),
  );
  return (
    <Form state={state} label={title} onSubmit={onSubmit}>
      <SecretInput
        ref={field}
        label={t('login.password_new')}
        description={t('account.password_hint')}
        name="password"
        autoComplete="new-password"
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
        error={state.fields.password}
      />
      <Button type="submit" loading={state.pending}>
        {button}
      </Button>
    </Form>
  );
}

export function PasswordLinkPage() {
  const { t } = useTranslation();
  const token = useToken(getRouteApi('/password/new').useSearch().token);
  const [isDone, setDone] = useState(false);
  const send = async (password: string) => {
    await request('PUT', '/api/auth/password', { body: { token, password } });
    setDone(true);
  };
  return (
    <div className="narrow stack">
      <PageTitle>{t('login.link_password')}</PageTitle>
      <div className="card stack">
        {isDone ? (
          <>
            <Notice kind="ok" role="status" title={t('login.link_password_done')} />
            <LinkButton to="/login">{t('shell.sign_in')}</LinkButton>
          </>
        ) : (
          <Choose title={t('login.link_password')} button={t('login.link_password')} send={send} />
        )}
      </div>
    </div>
  );
}

export function InvitationPage() {
  const { t } = useTranslation();
  const token = useToken(getRouteApi('/invitation').useSearch().token);
  const navigate = useNavigate();
  const signIn = useSignIn();
  const send = async (password: string) => {
    const { data } = await request<Session>('POST', '/api/session/invitation', { body: { token, password } });
    signIn(data);
    navigate({ to: homeOf(data.user), replace: true });
  };
  return (
    <div className="narrow stack">
      <PageTitle>{t('login.invitation')}</PageTitle>
      <div className="card stack">
        <p>{t('login.invitation_text')}</p>
        <Choose title={t('login.invitation')} button={t('login.invitation_accept')} send={send} />
      </div>
    </div>
  );
}
