// How messages were delivered, never what they said; and the chat room of a hospital.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { get, request } from '../../api/client';
import type { Delivery, HospitalChat, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { useAction } from '../account/use_action';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { FilterSelect } from './filter_select';
import { HospitalSelect } from './hospital_select';
import { MoreList } from './more_list';

const route = getRouteApi('/admin/deliveries');
export const deliveryStatuses = ['waiting', 'sent', 'failed', 'dropped'] as const;

export function DeliveriesPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.deliveries')}>{(user) => <Deliveries user={user} />}</AdminFrame>;
}

function Deliveries({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { h, status } = route.useSearch();
  const hospital = user.hospital_id ?? h;
  return (
    <>
      <PageTitle>{t('admin.deliveries')}</PageTitle>
      <p className="muted">{t('delivery.text')}</p>
      {user.hospital_id === undefined && (
        <HospitalSelect
          optional
          value={h}
          label={h === undefined ? t('delivery.any_hospital') : undefined}
          onChange={(id) => navigate({ search: (old) => ({ ...old, h: id }), replace: true })}
        />
      )}
      {hospital !== undefined && <ChatRoom key={hospital} hospital={hospital} />}
      <div className={classes.filters}>
        <FilterSelect
          label={t('admin.user_status')}
          value={status}
          options={deliveryStatuses}
          wordOf={(s) => t(`delivery.status_${s}`)}
          onChoose={(s) => navigate({ search: (old) => ({ ...old, status: s }), replace: true, resetScroll: false })}
        />
      </div>
      <MoreList<Delivery>
        name="deliveries"
        path="/api/notifications/deliveries"
        query={{ hospital_id: hospital, status, limit: 50 }}
        empty={t('delivery.none')}
        keyOf={(one) => one.id}
      >
        {(one) => <DeliveryLine delivery={one} />}
      </MoreList>
    </>
  );
}

function DeliveryLine({ delivery: one }: { delivery: Delivery }) {
  const { t, exists } = useTranslation();
  const locale = useLocale();
  const when = (at: string) => momentText(at, locale);
  const kind = exists(`delivery.kind_${one.kind}`) ? t(`delivery.kind_${one.kind}`) : one.kind;
  return (
    <>
      <div>
        <strong>{kind}</strong>
        <div className="muted">
          {t(`delivery.channel_${one.channel}`)} · {when(one.ended_at ?? one.created_at)}
          {one.person_id > 0 && ` · ${t('admin.user_number', { id: one.person_id })}`}
          {one.attempts > 1 && ` · ${t('delivery.attempts', { count: one.attempts })}`}
        </div>
        {one.error && <div className={classes.reason}>{one.error}</div>}
        {one.status === 'waiting' && <div className="muted">{t('delivery.due', { at: when(one.due_at) })}</div>}
      </div>
      <span className={classes.status} data-status={one.status}>
        {t(`delivery.status_${one.status}`)}
      </span>
    </>
  );
}

function ChatRoom({ hospital }: { hospital: number }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['admin', 'chat', hospital],
    queryFn: ({ signal }) => get<HospitalChat>(`/api/notifications/hospitals/${hospital}`, undefined, signal),
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <section className="card stack" aria-labelledby="chat">
      <h2 id="chat">{t('delivery.chat')}</h2>
      <p className="muted">{t('delivery.chat_text')}</p>
      {query.isPending && <Loading lines={1} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && <ChatForm hospital={hospital} initial={query.data.chat_url ?? ''} />}
    </section>
  );
}

function ChatForm({ hospital, initial }: { hospital: number; initial: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const action = useAction();
  const [url, setUrl] = useState(initial);
  const [isSaved, setSaved] = useState(false);
  const save = async () => {
    setSaved(false);
    const isDone = await action.act(async () => {
      const path = `/api/notifications/hospitals/${hospital}`;
      const { data } = await request<HospitalChat>('PUT', path, { body: { chat_url: url.trim() } });
      client.setQueryData(['admin', 'chat', hospital], data);
    });
    setSaved(isDone);
  };
  return (
    <Form
      label={t('delivery.chat')}
      fields={action.fields}
      className={classes.find}
      onSubmit={() => !action.pending && save()}
    >
      <TextInput
        label={t('delivery.chat_url')}
        description={t('delivery.chat_hint')}
        type="url"
        inputMode="url"
        dir="ltr"
        autoComplete="off"
        maxLength={2000}
        value={url}
        error={action.fields.chat_url}
        onChange={(e) => {
          setSaved(false);
          setUrl(e.currentTarget.value);
        }}
      />
      <Button type="submit" variant="default" loading={action.pending}>
        {t('admin.save')}
      </Button>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <p role="status" className={isSaved ? 'saved' : 'hidden'}>
        {isSaved ? t('admin.saved') : ''}
      </p>
    </Form>
  );
}
