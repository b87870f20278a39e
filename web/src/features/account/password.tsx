import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/client';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { ErrorState } from '../../ui/states';
import { SecretInput } from '../login/secret_input';
import { useAction } from './use_action';

export function Password() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const action = useAction();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [isDone, setDone] = useState(false);
  const save = async () => {
    setDone(false);
    const body = { old_password: old || undefined, password: fresh };
    const done = await action.act(async () => {
      await request('PUT', '/api/me/password', { body });
      await client.invalidateQueries({ queryKey: ['me', 'sessions'] });
    });
    if (!done) return;
    setOld('');
    setFresh('');
    setDone(true);
  };
  return (
    <section className="card stack" aria-labelledby="account-password">
      <h2 id="account-password">{t('account.password')}</h2>
      <Form label={t('account.password')} fields={action.fields} onSubmit={save}>
        <SecretInput
          label={t('account.password_old')}
          description={t('account.password_old_hint')}
          name="old_password"
          autoComplete="current-password"
          value={old}
          onChange={(e) => setOld(e.currentTarget.value)}
          error={action.fields.old_password}
        />
        <SecretInput
          label={t('account.password_new')}
          description={t('account.password_hint')}
          name="password"
          autoComplete="new-password"
          value={fresh}
          onChange={(e) => setFresh(e.currentTarget.value)}
          error={action.fields.password}
        />
        {action.error !== undefined && <ErrorState error={action.error} />}
        {isDone && <Notice kind="ok" role="status" title={t('account.password_done')} />}
        <div>
          <Button type="submit" variant="default" loading={action.pending}>
            {t('account.password_save')}
          </Button>
        </div>
      </Form>
    </section>
  );
}
