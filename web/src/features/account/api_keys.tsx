// API keys for programs: made with scopes and an end, shown once, replaced, revoked, and how much they were used.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, request } from '../../api/client';
import type { ApiKey, KeyScope, NewKey, Page } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Checkbox, FieldGroup, Select, TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { ErrorState, Loading } from '../../ui/states';
import classes from './account.module.css';
import { KeyUsed } from './key_used';
import { useAction } from './use_action';

const path = '/api/me/keys';
const key = ['me', 'keys'];
const scopes: KeyScope[] = ['read', 'write', 'webhooks'];
const lives = [30, 90, 365];

export function ApiKeys({ mayHook, title }: { mayHook: boolean; title?: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<Page<ApiKey>>(path, undefined, signal),
    staleTime: 0,
  });
  const action = useAction();
  const [made, setMade] = useState<NewKey>();
  const [asking, setAsking] = useState<{ what: 'replace' | 'revoke'; about: ApiKey }>();
  const [isMaking, setMaking] = useState(false);
  const change = (work: () => Promise<NewKey | undefined>) =>
    action.act(async () => {
      setAsking(undefined);
      setMade(await work());
      setMaking(false);
      await client.invalidateQueries({ queryKey: key });
    });
  const create = (body: object) => change(async () => (await request<NewKey>('POST', path, { body })).data);
  const answer = ({ what, about }: { what: 'replace' | 'revoke'; about: ApiKey }) =>
    change(async () => {
      if (what === 'replace')
        return (await request<NewKey>('POST', `${path}/${about.id}/rotation`, { body: { overlap_hours: 24 } })).data;
      await request('DELETE', `${path}/${about.id}`);
      return undefined;
    });
  const now = Date.now();
  const good = query.data?.items.filter((one) => !one.revoked_at && Date.parse(one.expires_at) > now) ?? [];
  return (
    <section className="card stack" aria-labelledby="account-keys">
      <h2 id="account-keys">{title ?? t('api_key.title')}</h2>
      <p>
        {t('api_key.why')} <a href="/docs">{t('api_key.docs')}</a>
      </p>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {made && <Shown made={made} />}
      <ul className={classes.list}>
        {good.map((one) => (
          <KeyItem key={one.id} apiKey={one} onAsk={(what) => setAsking({ what, about: one })} />
        ))}
      </ul>
      {isMaking ? (
        <NewKeyForm mayHook={mayHook} pending={action.pending} fields={action.fields} onCreate={create} />
      ) : (
        <div>
          <Button variant="default" onClick={() => setMaking(true)}>
            {t('api_key.add')}
          </Button>
        </div>
      )}
      {action.error !== undefined && <ErrorState error={action.error} />}
      <Dialog
        open={asking !== undefined}
        title={asking ? t(`api_key.${asking.what}_title`, { name: asking.about.name }) : ''}
        onClose={() => setAsking(undefined)}
      >
        {asking && (
          <>
            <p>{t(`api_key.${asking.what}_text`)}</p>
            <div className="row">
              <Button color={asking.what === 'revoke' ? 'danger' : 'brand'} onClick={() => answer(asking)}>
                {t(`api_key.${asking.what}`)}
              </Button>
              <Button variant="default" onClick={() => setAsking(undefined)}>
                {t('account.keep')}
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </section>
  );
}

function Shown({ made }: { made: NewKey }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(made.key).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <Notice kind="ok" role="status" title={t('api_key.shown', { name: made.about.name })}>
      <p>{t('api_key.shown_text')}</p>
      <div className="row">
        <code className={classes.secret}>{made.key}</code>
        {'clipboard' in navigator && (
          <Button compact variant="default" onClick={copy}>
            {t(isCopied ? 'api_key.copied' : 'api_key.copy')}
          </Button>
        )}
      </div>
    </Notice>
  );
}

function KeyItem({ apiKey, onAsk }: { apiKey: ApiKey; onAsk: (what: 'replace' | 'revoke') => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const day = (at: string) => new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' });
  return (
    <li className={classes.key}>
      <div className={classes.item}>
        <div>
          <strong>{apiKey.name}</strong> <code className="muted">{apiKey.prefix}…</code>
          <div className="muted">
            {apiKey.scopes.map((scope) => t(`api_key.scope_${scope}`)).join(' · ')}
            {' · '}
            {t('api_key.until', { on: day(apiKey.expires_at) })}
            {' · '}
            {apiKey.used_at ? t('api_key.used', { on: day(apiKey.used_at) }) : t('api_key.unused')}
          </div>
        </div>
        <div className="row">
          <Button
            variant="subtle"
            onClick={() => onAsk('replace')}
            aria-label={t('api_key.replace_of', { name: apiKey.name })}
          >
            {t('api_key.replace')}
          </Button>
          <Button
            variant="subtle"
            color="danger"
            onClick={() => onAsk('revoke')}
            aria-label={t('api_key.revoke_of', { name: apiKey.name })}
          >
            {t('api_key.revoke')}
          </Button>
        </div>
      </div>
      <KeyUsed apiKey={apiKey} />
    </li>
  );
}

interface NewKeyFormProps {
  mayHook: boolean;
  pending: boolean;
  fields: Record<string, string>;
  onCreate: (body: object) => Promise<boolean>;
}
function NewKeyForm({ mayHook, pending, fields, onCreate }: NewKeyFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<KeyScope[]>([]);
  const [life, setLife] = useState('90');
  const [missing, setMissing] = useState('');
  const errors: Record<string, string> = missing ? { name: missing } : fields;
  const send = () => {
    if (!name.trim()) return setMissing(t('api_key.name_missing'));
    setMissing('');
    onCreate({ name: name.trim(), scopes: ['search', ...chosen], days: Number(life) });
  };
  return (
    <Form label={t('api_key.add')} fields={errors} onSubmit={send}>
      <TextInput
        label={t('api_key.name')}
        description={t('api_key.name_hint')}
        name="name"
        maxLength={100}
        autoFocus
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
        error={errors.name}
      />
      <FieldGroup label={t('api_key.scopes')} description={t('api_key.scopes_hint')} error={errors.scopes}>
        {scopes
          .filter((scope) => scope !== 'webhooks' || mayHook)
          .map((scope) => (
            <Checkbox
              key={scope}
              label={t(`api_key.may_${scope}`)}
              checked={chosen.includes(scope)}
              onChange={(e) =>
                setChosen(e.currentTarget.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))
              }
            />
          ))}
      </FieldGroup>
      <Select label={t('api_key.life')} name="life" value={life} onChange={(e) => setLife(e.currentTarget.value)}>
        {lives.map((count) => (
          <option key={count} value={count}>
            {t('api_key.days', { count })}
          </option>
        ))}
      </Select>
      <div>
        <Button type="submit" loading={pending}>
          {t('api_key.make')}
        </Button>
      </div>
    </Form>
  );
}
