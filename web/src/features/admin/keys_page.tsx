// API keys: the own ones of every administrator; for the platform's, everybody's, with their use, quota and revocation.
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { request } from '../../api/client';
import type { ApiKey, KeyOfUser } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextInput } from '../../ui/fields';
import { FindForm } from '../../ui/find_form';
import { Form } from '../../ui/form';
import { PageTitle } from '../../ui/page';
import { ErrorState } from '../../ui/states';
import { ApiKeys } from '../account/api_keys';
import { KeyUsed } from '../account/key_used';
import { useAction } from '../account/use_action';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { FilterSelect } from './filter_select';
import { MoreList } from './more_list';

const route = getRouteApi('/admin/keys');
const states = ['good', 'ended'] as const;

export function KeysPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t('api_key.title')}>
      {(user) => (
        <>
          <PageTitle>{t('api_key.title')}</PageTitle>
          {user.role === 'platform_admin' && <EverybodysKeys />}
          <ApiKeys mayHook title={t('api_key.own')} />
        </>
      )}
    </AdminFrame>
  );
}

function EverybodysKeys() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = route.useNavigate();
  const { q, state } = route.useSearch();
  const [said, setSaid] = useState('');
  const changed = (words: string) => {
    setSaid(words);
    client.invalidateQueries({ queryKey: ['admin', 'keys'] });
  };
  return (
    <section className="stack" aria-labelledby="keys-all">
      <h2 id="keys-all">{t('api_key.all')}</h2>
      <p role="status" className={said ? 'saved' : 'hidden'}>
        {said}
      </p>
      <FindForm
        className={classes.find}
        label={t('api_key.find')}
        initial={q}
        onFind={(words) => navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true })}
      />
      <div className={classes.filters}>
        <FilterSelect
          label={t('admin.field_status')}
          value={state}
          options={states}
          wordOf={(one) => t(`api_key.state_${one}`)}
          onChoose={(state) => navigate({ search: (old) => ({ ...old, state }), replace: true, resetScroll: false })}
        />
      </div>
      <MoreList<KeyOfUser>
        name="keys"
        path="/api/users/keys"
        query={{ q, state, limit: 20 }}
        empty={t('api_key.none')}
        keyOf={(one) => one.key.id}
      >
        {(one) => <KeyLine apiKey={one.key} owner={one} onChanged={changed} />}
      </MoreList>
    </section>
  );
}

interface KeyLineProps {
  apiKey: ApiKey;
  owner: Pick<KeyOfUser, 'owner_name' | 'owner_role'>;
  onChanged: (words: string) => void;
}
function KeyLine({ apiKey, owner, onChanged }: KeyLineProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [asking, setAsking] = useState<'quota' | 'revoke'>();
  const action = useAction();
  const day = (at: string) => new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' });
  const isOver = Date.parse(apiKey.expires_at) <= Date.now();
  const send = (method: 'PUT' | 'DELETE', path: string, words: string, body?: object) =>
    action.act(async () => {
      await request(method, path, body && { body });
      setAsking(undefined);
      onChanged(words);
    });
  return (
    <>
      <div>
        <strong>{apiKey.name}</strong> <code className="muted">{apiKey.prefix}…</code>
        <div className="muted">
          <Link to="/admin/users" search={{ q: owner.owner_name }}>
            {owner.owner_name}
          </Link>
          {` · ${t(`role.${owner.owner_role}`)} · `}
          {apiKey.scopes.map((scope) => t(`api_key.scope_${scope}`)).join(' · ')}
        </div>
        <div className="muted">
          {apiKey.revoked_at
            ? t('api_key.revoked', { on: day(apiKey.revoked_at) })
            : t(isOver ? 'api_key.ended' : 'api_key.until', { on: day(apiKey.expires_at) })}
          {' · '}
          {apiKey.used_at ? t('api_key.used', { on: day(apiKey.used_at) }) : t('api_key.unused')}
        </div>
      </div>
      <KeyUsed apiKey={apiKey} />
      {!apiKey.revoked_at && !isOver && (
        <div className="row">
          <Button
            compact
            variant="default"
            onClick={() => setAsking('quota')}
            aria-label={t('api_key.quota_of', { name: apiKey.name })}
          >
            {t('api_key.quota_change')}
          </Button>
          <Button
            compact
            variant="default"
            color="danger"
            onClick={() => setAsking('revoke')}
            aria-label={t('api_key.revoke_of', { name: apiKey.name })}
          >
            {t('api_key.revoke')}
          </Button>
        </div>
      )}
      {action.error !== undefined && asking === undefined && <ErrorState error={action.error} />}
      <Dialog
        open={asking !== undefined}
        title={asking ? t(`api_key.${asking === 'quota' ? 'quota_of' : 'revoke_title'}`, { name: apiKey.name }) : ''}
        onClose={() => setAsking(undefined)}
      >
        {asking === 'quota' && (
          <QuotaForm
            apiKey={apiKey}
            action={action}
            onSave={(body) =>
              send('PUT', `/api/users/keys/${apiKey.id}/quota`, t('api_key.quota_done', { name: apiKey.name }), body)
            }
          />
        )}
        {asking === 'revoke' && (
          <>
            <p>{t('api_key.revoke_text')}</p>
            <div className="row">
              <Button
                color="danger"
                loading={action.pending}
                onClick={() =>
                  send('DELETE', `/api/me/keys/${apiKey.id}`, t('api_key.revoke_done', { name: apiKey.name }))
                }
              >
                {t('api_key.revoke')}
              </Button>
              <Button variant="default" onClick={() => setAsking(undefined)}>
                {t('account.keep')}
              </Button>
            </div>
          </>
        )}
        {asking && action.error !== undefined && <ErrorState error={action.error} />}
      </Dialog>
    </>
  );
}

interface QuotaFormProps {
  apiKey: ApiKey;
  action: ReturnType<typeof useAction>;
  onSave: (body: { per_minute: number; per_day: number }) => void;
}
function QuotaForm({ apiKey, action, onSave }: QuotaFormProps) {
  const { t } = useTranslation();
  const [minute, setMinute] = useState(String(apiKey.per_minute));
  const [day, setDay] = useState(String(apiKey.per_day));
  return (
    <Form
      label={t('api_key.quota_of', { name: apiKey.name })}
      fields={action.fields}
      onSubmit={() => onSave({ per_minute: Number(minute), per_day: Number(day) })}
    >
      <TextInput
        label={t('api_key.per_minute')}
        name="per_minute"
        type="number"
        min={1}
        max={1_000_000}
        required
        value={minute}
        onChange={(e) => setMinute(e.currentTarget.value)}
        error={action.fields.per_minute}
      />
      <TextInput
        label={t('api_key.per_day')}
        name="per_day"
        type="number"
        min={1}
        max={1_000_000_000}
        required
        value={day}
        onChange={(e) => setDay(e.currentTarget.value)}
        error={action.fields.per_day}
      />
      <div>
        <Button type="submit" loading={action.pending}>
          {t('admin.save')}
        </Button>
      </div>
    </Form>
  );
}
