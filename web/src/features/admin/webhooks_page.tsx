// Webhooks: addresses of other programs that are called when an appointment changes; their secrets and their calls.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { get, Intent, request, uuid } from '../../api/client';
import type { User, Webhook, WebhookCall, WebhookList, WebhookWithSecret } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Checkbox, FieldGroup, TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { useAction } from '../account/use_action';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { HospitalSelect } from './hospital_select';
import { listKey, MoreList } from './more_list';

const route = getRouteApi('/admin/webhooks');
const events = ['appointment.booked', 'appointment.moved', 'appointment.cancelled'] as const;
const wordOf = (event: string) => `hook.event_${event.split('.')[1]}`;
const listOf = (hospital: number | undefined) => [...listKey('webhooks'), hospital];

export function WebhooksPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.webhooks')}>{(user) => <Webhooks user={user} />}</AdminFrame>;
}

function Webhooks({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const { h } = route.useSearch();
  const hospital = user.hospital_id ?? h;
  const [secret, setSecret] = useState<WebhookWithSecret>();
  const query = useQuery({
    queryKey: listOf(hospital),
    queryFn: ({ signal }) => get<WebhookList>('/api/webhooks', { hospital_id: hospital }, signal),
    staleTime: 0,
  });
  const refresh = () => client.invalidateQueries({ queryKey: listKey('webhooks') });
  const told = async (made: WebhookWithSecret) => {
    setSecret(made);
    await refresh();
  };
  return (
    <>
      <PageTitle>{t('admin.webhooks')}</PageTitle>
      <p className="muted">{t('hook.text')}</p>
      {user.hospital_id === undefined && (
        <HospitalSelect
          optional
          value={h}
          label={h === undefined ? t('hook.any_hospital') : undefined}
          onChange={(id) => navigate({ search: { h: id }, replace: true })}
        />
      )}
      {secret && <Secret secret={secret} onSeen={() => setSecret(undefined)} />}
      {query.isPending && <Loading lines={3} height={52} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.items.length === 0 && <EmptyState title={t('hook.none')}>{t('hook.none_hint')}</EmptyState>}
      <ul className={classes.list}>
        {query.data?.items.map((hook) => (
          <li key={hook.id} className="card stack" data-webhook={hook.id}>
            <HookItem hook={hook} onSecret={told} onChanged={refresh} />
          </li>
        ))}
      </ul>
      <NewHook hospital={hospital} onMade={told} />
    </>
  );
}

/** Shown once: the server tells it only when it is made. */
function Secret({ secret, onSeen }: { secret: WebhookWithSecret; onSeen: () => void }) {
  const { t } = useTranslation();
  return (
    <Notice
      kind="warn"
      role="status"
      title={t('hook.secret')}
      actions={
        <Button variant="default" onClick={onSeen}>
          {t('hook.secret_kept')}
        </Button>
      }
    >
      <p>{t('hook.secret_text', { url: secret.webhook.url })}</p>
      <TextInput
        label={t('hook.secret_label')}
        readOnly
        dir="ltr"
        value={secret.secret}
        onFocus={(e) => e.currentTarget.select()}
      />
    </Notice>
  );
}

interface HookItemProps {
  hook: Webhook;
  onSecret: (made: WebhookWithSecret) => void;
  onChanged: () => void;
}

function HookItem({ hook, onSecret, onChanged }: HookItemProps) {
  const { t } = useTranslation();
  const action = useAction();
  const [shown, setShown] = useState(false);
  const [asking, setAsking] = useState(false);
  const whose = <span className="hidden">: {hook.url}</span>;
  const setActive = (active: boolean) =>
    action.act(async () => {
      await request('PUT', `/api/webhooks/${hook.id}`, { body: { active }, idempotencyKey: uuid() });
      onChanged();
    });
  const rotate = () =>
    action.act(async () => {
      setAsking(false);
      const { data } = await request<WebhookWithSecret>('PUT', `/api/webhooks/${hook.id}/secret`);
      onSecret(data);
    });
  return (
    <>
      <div className={classes.head}>
        <div className={classes.anywhere}>
          <strong dir="ltr">{hook.url}</strong>
          <div className="muted">
            {hook.events.length === 0 ? t('hook.all_events') : hook.events.map((one) => t(wordOf(one))).join(', ')}
          </div>
          {hook.stopped_why && <div className={classes.reason}>{t('hook.stopped', { why: hook.stopped_why })}</div>}
        </div>
        <span className={classes.status} data-status={hook.active ? 'active' : 'disabled'}>
          {t(hook.active ? 'hook.on' : 'hook.off')}
        </span>
      </div>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <div className="row">
        <Button compact variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t('hook.calls')}
          {whose}
        </Button>
        <Button compact variant="default" loading={action.pending} onClick={() => setAsking(true)}>
          {t('hook.rotate')}
          {whose}
        </Button>
        <Button
          compact
          variant="subtle"
          color={hook.active ? 'danger' : 'brand'}
          loading={action.pending}
          onClick={() => setActive(!hook.active)}
        >
          {t(hook.active ? 'hook.turn_off' : 'hook.turn_on')}
          {whose}
        </Button>
      </div>
      {shown && (
        <MoreList<WebhookCall>
          name={`webhook-calls-${hook.id}`}
          path={`/api/webhooks/${hook.id}/calls`}
          query={{ limit: 20 }}
          empty={t('hook.calls_none')}
          keyOf={(call) => call.id}
        >
          {(call) => <CallLine hook={hook} call={call} />}
        </MoreList>
      )}
      <Dialog open={asking} title={t('hook.rotate_title')} onClose={() => setAsking(false)}>
        <p>{t('hook.rotate_text')}</p>
        <div className="row">
          <Button onClick={rotate}>{t('hook.rotate')}</Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('admin.keep')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function CallLine({ hook, call }: { hook: Webhook; call: WebhookCall }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const action = useAction();
  const at = momentText(call.created_at, locale, true);
  const again = () =>
    action.act(async () => {
      const path = `/api/webhooks/${hook.id}/calls/${call.id}/again`;
      await request<WebhookCall>('POST', path, { idempotencyKey: uuid() });
      await client.invalidateQueries({ queryKey: listKey(`webhook-calls-${hook.id}`) });
    });
  return (
    <>
      <div>
        <strong>{t(wordOf(call.event))}</strong>
        <div className="muted">
          {at}
          {call.http_status !== undefined && ` · HTTP ${call.http_status}`}
          {call.attempts > 1 && ` · ${t('delivery.attempts', { count: call.attempts })}`}
        </div>
        {call.error && <div className={classes.reason}>{call.error}</div>}
        {action.error !== undefined && <ErrorState error={action.error} />}
      </div>
      <span className={classes.status} data-status={call.status}>
        {t(`delivery.status_${call.status}`)}
      </span>
      {call.status !== 'waiting' && (
        <Button compact variant="default" loading={action.pending} onClick={again}>
          {t('hook.again')}
          <span className="hidden">
            : {t(wordOf(call.event))}, {at}
          </span>
        </Button>
      )}
    </>
  );
}

function NewHook({ hospital, onMade }: { hospital?: number; onMade: (made: WebhookWithSecret) => void }) {
  const { t } = useTranslation();
  const intent = useRef(new Intent());
  const action = useAction();
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState<string[]>([...events]);
  const create = async () => {
    const body = {
      url: url.trim(),
      events: chosen.length === events.length ? undefined : chosen,
      hospital_id: hospital,
    };
    const isDone = await action.act(async () => onMade(await intent.current.post('/api/webhooks', body)));
    if (isDone) setUrl('');
  };
  return (
    <Form
      label={t('hook.new')}
      fields={action.fields}
      className="card stack"
      onSubmit={() => !action.pending && create()}
    >
      <h2>{t('hook.new')}</h2>
      <TextInput
        label={t('hook.url')}
        description={t('hook.url_hint')}
        type="url"
        required
        dir="ltr"
        autoComplete="off"
        maxLength={2000}
        value={url}
        error={action.fields.url}
        onChange={(e) => setUrl(e.currentTarget.value)}
      />
      <FieldGroup label={t('hook.events')} error={action.fields.events}>
        {events.map((event) => (
          <Checkbox
            key={event}
            label={t(wordOf(event))}
            checked={chosen.includes(event)}
            onChange={(e) => {
              const isOn = e.currentTarget.checked;
              setChosen((old) => events.filter((one) => (one === event ? isOn : old.includes(one))));
            }}
          />
        ))}
      </FieldGroup>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <div>
        <Button type="submit" loading={action.pending} disabled={chosen.length === 0}>
          {t('hook.create')}
        </Button>
      </div>
    </Form>
  );
}
