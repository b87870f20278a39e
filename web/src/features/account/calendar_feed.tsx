// The private calendar: an address that calendar programs follow. Who knows it can read it; it can be taken back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, Problem, request } from '../../api/client';
import type { CalendarAddress } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button, buttonLook } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextInput } from '../../ui/fields';
import { ErrorState, Loading } from '../../ui/states';
import { useAction } from './use_action';

const key = ['me', 'calendar'];

async function addressGet(signal: AbortSignal): Promise<CalendarAddress | null> {
  try {
    return await get<CalendarAddress>('/api/me/calendar', undefined, signal);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

export function CalendarFeed() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => addressGet(signal), staleTime: 0 });
  const action = useAction();
  const [asking, setAsking] = useState<'new' | 'end'>();
  const [said, setSaid] = useState('');
  const make = () =>
    action.act(async () => {
      setAsking(undefined);
      const { data } = await request<CalendarAddress>('PUT', '/api/me/calendar');
      client.setQueryData(key, data);
      setSaid(t('feed.made'));
    });
  const end = () =>
    action.act(async () => {
      setAsking(undefined);
      await request('DELETE', '/api/me/calendar');
      client.setQueryData(key, null);
      setSaid(t('feed.ended'));
    });
  const url = query.data ? new URL(query.data.url, window.location.origin).href : '';
  const copy = async () => {
    // A page without TLS has no clipboard; the field can be copied from by hand.
    const isDone = await navigator.clipboard?.writeText(url).then(
      () => true,
      () => false,
    );
    setSaid(t(isDone ? 'feed.copied' : 'feed.copy_by_hand'));
  };
  return (
    <section className="card stack" aria-labelledby="account-feed">
      <h2 id="account-feed">{t('feed.title')}</h2>
      <p className="muted">{t('feed.text')}</p>
      {query.isPending && <Loading lines={1} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data === null && (
        <div>
          <Button variant="default" loading={action.pending} onClick={make}>
            {t('feed.make')}
          </Button>
        </div>
      )}
      {query.data && (
        <>
          <TextInput
            label={t('feed.address')}
            description={t('feed.secret')}
            readOnly
            dir="ltr"
            value={url}
            onFocus={(e) => e.currentTarget.select()}
          />
          <div className="row">
            <a href={url.replace(/^https?:/, 'webcal:')} {...buttonLook({})}>
              {t('feed.open')}
            </a>
            <Button variant="default" onClick={copy}>
              {t('feed.copy')}
            </Button>
            <Button variant="default" loading={action.pending} onClick={() => setAsking('new')}>
              {t('feed.renew')}
            </Button>
            <Button variant="subtle" color="danger" loading={action.pending} onClick={() => setAsking('end')}>
              {t('feed.end')}
            </Button>
          </div>
        </>
      )}
      <p role="status" className={said ? undefined : 'hidden'}>
        {said}
      </p>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <Dialog
        open={asking !== undefined}
        title={t(asking === 'end' ? 'feed.end_title' : 'feed.renew_title')}
        onClose={() => setAsking(undefined)}
      >
        <p>{t('feed.gone_text')}</p>
        <div className="row">
          <Button color="danger" onClick={() => (asking === 'end' ? end() : make())}>
            {t(asking === 'end' ? 'feed.end' : 'feed.renew')}
          </Button>
          <Button variant="default" onClick={() => setAsking(undefined)}>
            {t('account.keep')}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}
