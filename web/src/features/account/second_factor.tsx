// The second factor: begin, scan, confirm, keep the recovery codes; later renew them or remove it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { get, request } from '../../api/client';
import type { FactorSecret, FactorState, RecoveryCodes } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { ErrorState, Loading } from '../../ui/states';
import classes from './account.module.css';
import { useAction } from './use_action';

const QrCode = lazy(() => import('../appointment/qr_code'));
const path = '/api/me/second-factor';
const key = ['me', 'second-factor'];

export function SecondFactor() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<FactorState>(path, undefined, signal),
    staleTime: 0,
  });
  const action = useAction();
  const [secret, setSecret] = useState<FactorSecret>();
  const [codes, setCodes] = useState<string[]>();
  const told = async (reply: Promise<{ data: RecoveryCodes }>) => {
    setCodes((await reply).data.codes);
    setSecret(undefined);
    await client.invalidateQueries({ queryKey: key });
  };
  const begin = () => action.act(async () => setSecret((await request<FactorSecret>('POST', path)).data));
  const confirm = (code: string) => action.act(() => told(request<RecoveryCodes>('PUT', path, { body: { code } })));
  const renew = (code: string) =>
    action.act(() => told(request<RecoveryCodes>('POST', `${path}/recovery-codes`, { body: { code } })));
  const remove = (code: string) =>
    action.act(async () => {
      await request('POST', `${path}/removal`, { body: { code } });
      setCodes(undefined);
      await client.invalidateQueries({ queryKey: key });
      await client.invalidateQueries({ queryKey: ['me', 'sessions'] });
    });
  const state = query.data;
  return (
    <section className="card stack" aria-labelledby="account-factor">
      <h2 id="account-factor">{t('account.factor')}</h2>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {state && !state.since && (
        <>
          <p>{t('account.factor_why')}</p>
          {state.is_required && <Notice kind="warn" title={t('account.factor_required')} />}
          {!secret && (
            <div>
              <Button variant="default" loading={action.pending} onClick={begin}>
                {t('account.factor_begin')}
              </Button>
            </div>
          )}
          {secret && (
            <>
              <p>{t('account.factor_scan')}</p>
              <Suspense fallback={<Loading lines={1} />}>
                <QrCode text={secret.uri} label={t('account.factor_qr')} />
              </Suspense>
              <p>
                {t('account.factor_type')} <span className={classes.secret}>{secret.secret}</span>
              </p>
              <CodeForm label={t('account.factor_confirm')} pending={action.pending} onCode={confirm} />
            </>
          )}
        </>
      )}
      {codes && (
        <Notice kind="ok" role="status" title={t('account.recovery')}>
          <p>{t('account.recovery_keep')}</p>
          <ul className={classes.codes}>
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
        </Notice>
      )}
      {state?.since && (
        <>
          <p>{t('account.factor_on', { count: state.recovery_codes_left })}</p>
          <CodeForm
            label={t('account.factor_remove')}
            pending={action.pending}
            onCode={remove}
            second={{ label: t('account.recovery_renew'), onCode: renew }}
          />
        </>
      )}
      {action.error !== undefined && <ErrorState error={action.error} />}
    </section>
  );
}

interface CodeFormProps {
  label: string;
  pending: boolean;
  onCode: (code: string) => Promise<boolean>;
  second?: { label: string; onCode: (code: string) => Promise<boolean> };
}
function CodeForm({ label, pending, onCode, second }: CodeFormProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [fields, setFields] = useState<Record<string, string>>({});
  const send = async (work: (code: string) => Promise<boolean>) => {
    if (!code.trim()) return setFields({ code: t('account.code_missing') });
    setFields({});
    if (await work(code.trim())) setCode('');
  };
  return (
    <Form label={label} fields={fields} onSubmit={() => send(onCode)}>
      <TextInput
        label={t('account.code')}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        value={code}
        onChange={(e) => setCode(e.currentTarget.value)}
        error={fields.code}
      />
      <div className="row">
        <Button type="submit" variant="default" loading={pending}>
          {label}
        </Button>
        {second && (
          <Button variant="subtle" onClick={() => send(second.onCode)}>
            {second.label}
          </Button>
        )}
      </div>
    </Form>
  );
}
