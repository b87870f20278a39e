// One page for login and sign-up (mission I1): the login name decides which of the two it is.

import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Intent, Problem, request } from '../../api/client';
import type { Session } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { homeOf, useSession, useSignIn } from '../../app/session';
import { Button } from '../../ui/button';
import { Radio, RadioGroup, TextInput } from '../../ui/fields';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { wishForget, wishRead } from '../booking/use_booking';
import { type CodeSent, CodeStep, codeRequest } from './code_step';
import { Form, isKnown, type StepProps, useFocus, useSubmit, Who } from './login_form';
import { loginClean, loginKind } from './login_name';
import { PasskeyButton } from './passkey_button';
import { SecretInput } from './secret_input';

const route = getRouteApi('/login');
const passwordLengthMin = 10;
type Step = 'name' | 'code' | 'password' | 'details' | 'approval';

export function LoginPage() {
  const { t } = useTranslation();
  const { next } = route.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  const signIn = useSignIn();
  const { user } = useSession();
  const [step, setStep] = useState<Step>('name');
  const [login, setLogin] = useState('');
  const [sent, setSent] = useState<CodeSent>();
  const wish = wishRead();
  const wished = next?.startsWith('/d/') ? wish : undefined;

  useEffect(() => {
    // Nobody came here for a booking: an old wish must not be done by surprise.
    if (!next?.startsWith('/d/')) wishForget();
  }, [next]);

  const done = (session: Session) => {
    signIn(session);
    if (session.user?.status === 'pending') return setStep('approval');
    if (next) router.history.replace(next);
    else navigate({ to: homeOf(session.user), replace: true });
  };

  if (user && step === 'name')
    return (
      <div className="narrow stack">
        <PageTitle>{t('login.title')}</PageTitle>
        <Notice kind="info" title={t('login.already', { name: user.name })} />
        <Button onClick={() => (next ? router.history.replace(next) : navigate({ to: homeOf(user) }))}>
          {t('login.go_on')}
        </Button>
      </div>
    );
  return (
    <div className="narrow stack">
      <PageTitle>{t('login.title')}</PageTitle>
      {wished && step !== 'approval' && (
        <Notice kind="info" title={t(wished.kind === 'hold' ? 'login.to_hold' : 'login.to_wait')}>
          <p>{t('login.to_book_text')}</p>
        </Notice>
      )}
      <div className="card">
        {step === 'name' && (
          <NameStep
            login={login}
            onLogin={setLogin}
            onKnown={(known) => setStep(known ? 'password' : 'details')}
            onSent={(code) => {
              setSent(code);
              setStep('code');
            }}
            onDone={done}
          />
        )}
        {step === 'code' && sent && (
          <CodeStep
            login={login}
            sent={sent}
            onSent={setSent}
            onBack={() => setStep('name')}
            onKnown={(known) => setStep(known ? 'password' : 'details')}
            onDone={done}
          />
        )}
        {step === 'password' && <PasswordStep login={login} onBack={() => setStep('name')} onDone={done} />}
        {step === 'details' && <DetailsStep login={login} onBack={() => setStep('name')} onDone={done} />}
        {step === 'approval' && (
          <Notice kind="ok" role="status" title={t('login.approval')}>
            <p>{t('login.approval_text')}</p>
          </Notice>
        )}
      </div>
    </div>
  );
}

function NameStep({
  login,
  onLogin,
  onKnown,
  onSent,
  onDone,
}: {
  login: string;
  onLogin: (login: string) => void;
  onKnown: (known: boolean) => void;
  onSent: (sent: CodeSent) => void;
  onDone: (session: Session) => void;
}) {
  const { t } = useTranslation();
  const state = useSubmit();
  const onSubmit = state.submit(
    (): Record<string, string> => (login.trim() ? {} : { login: t('login.login_missing') }),
    async () => {
      const clean = loginClean(login);
      const sent = loginKind(clean) === 'phone' ? await codeRequest(clean) : undefined;
      if (sent) onSent(sent);
      else onKnown(await isKnown(clean));
    },
  );
  return (
    <Form state={state} label={t('login.title')} onSubmit={onSubmit}>
      <TextInput
        label={t('login.login')}
        description={t('login.login_hint')}
        name="login"
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={200}
        value={login}
        onChange={(e) => onLogin(e.currentTarget.value)}
        error={state.fields.login}
      />
      <Button type="submit" loading={state.pending}>
        {t('login.next')}
      </Button>
      <PasskeyButton onDone={onDone} />
      <Link to="/hospitals/apply">{t('login.apply')}</Link>
    </Form>
  );
}

function PasswordStep({ login, onBack, onDone }: StepProps) {
  const { t } = useTranslation();
  const state = useSubmit();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const [isSent, setSent] = useState(false);
  const field = useFocus();
  const check = () => {
    const found: Record<string, string> = {};
    if (!password) found.password = t('login.password_missing');
    if (code === '') found.code = t('login.factor_missing');
    return found;
  };
  const onSubmit = state.submit(check, async () => {
    try {
      const body = { login: loginClean(login), password, code };
      onDone((await request<Session>('POST', '/api/session', { body })).data);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== 'identity.second_factor_needed') throw problem;
      setCode('');
    }
  });
  const forgotten = state.submit(
    () => ({}),
    async () => {
      const language = document.documentElement.lang.slice(0, 2) || 'en';
      await request('POST', '/api/auth/password/resets', { body: { login: loginClean(login), language } });
      setSent(true);
    },
  );
  return (
    <Form state={state} label={t('login.welcome_back')} onSubmit={onSubmit}>
      <Who login={login} onBack={onBack} />
      <SecretInput
        ref={field}
        label={t('login.password')}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
        error={state.fields.password}
      />
      {code !== undefined && (
        <TextInput
          label={t('login.factor')}
          description={t('login.factor_hint')}
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          maxLength={40}
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
          error={state.fields.code}
        />
      )}
      {isSent && <Notice kind="info" role="status" title={t('login.link_sent')} />}
      <Button type="submit" loading={state.pending}>
        {t('login.sign_in')}
      </Button>
      <div>
        <Button variant="subtle" onClick={forgotten}>
          {t('login.forgotten')}
        </Button>
      </div>
    </Form>
  );
}

function DetailsStep({ login, onBack, onDone }: StepProps) {
  const { t } = useTranslation();
  const state = useSubmit();
  const intent = useRef(new Intent());
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState('patient');
  const field = useFocus();
  const clean = loginClean(login);
  const kind = loginKind(clean);
  const check = () => {
    const found: Record<string, string> = {};
    if (!name.trim()) found.name = t('login.name_missing');
    if (password.length < passwordLengthMin) found.password = t('login.password_short', { count: passwordLengthMin });
    return found;
  };
  const onSubmit = state.submit(check, async () => {
    const body = { role, name: name.trim(), [kind]: clean, password };
    onDone(await intent.current.post<Session>('/api/session/register', body));
  });
  return (
    <Form state={state} label={t('login.new_here')} onSubmit={onSubmit}>
      <h2>{t('login.new_here')}</h2>
      <Who login={login} onBack={onBack} />
      {(state.fields[kind] ?? state.fields.login) && (
        <Notice kind="warn" role="alert" title={state.fields[kind] ?? state.fields.login} />
      )}
      <TextInput
        ref={field}
        label={t('login.name')}
        name="name"
        autoComplete="name"
        maxLength={200}
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
        error={state.fields.name}
      />
      <SecretInput
        label={t('login.password_new')}
        description={t('login.password_hint', { count: passwordLengthMin })}
        name="password"
        autoComplete="new-password"
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
        error={state.fields.password}
      />
      <RadioGroup label={t('login.role')} value={role} onChange={setRole}>
        <div className="stack" style={{ gap: 12, marginTop: 8 }}>
          <Radio value="patient" label={t('login.role_patient')} />
          <Radio value="doctor" label={t('login.role_doctor')} />
        </div>
      </RadioGroup>
      <Button type="submit" loading={state.pending}>
        {t('login.sign_up')}
      </Button>
    </Form>
  );
}
