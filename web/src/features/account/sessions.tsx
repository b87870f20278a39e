import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get, request } from '../../api/client';
import type { OwnSession, Page } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { ErrorState, Loading } from '../../ui/states';
import classes from './account.module.css';
import { agentName } from './agent_name';
import { useAction } from './use_action';

const key = ['me', 'sessions'];

export function Sessions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<Page<OwnSession>>('/api/me/sessions', undefined, signal),
    staleTime: 0,
  });
  const action = useAction();
  const end = (path: string) =>
    action.act(async () => {
      await request('DELETE', path);
      await client.invalidateQueries({ queryKey: key });
    });
  const items = query.data?.items ?? [];
  return (
    <section className="card stack" aria-labelledby="account-sessions">
      <h2 id="account-sessions">{t('account.sessions')}</h2>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <ul className={classes.list}>
        {items.map((session) => (
          <SessionItem key={session.id} session={session} onEnd={() => end(`/api/me/sessions/${session.id}`)} />
        ))}
      </ul>
      {action.error !== undefined && <ErrorState error={action.error} />}
      {items.length > 1 && (
        <div>
          <Button variant="default" loading={action.pending} onClick={() => end('/api/me/sessions')}>
            {t('account.sessions_end_others')}
          </Button>
        </div>
      )}
    </section>
  );
}

function SessionItem({ session, onEnd }: { session: OwnSession; onEnd: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const at = momentText(session.seen_at, locale);
  const name = agentName(session.agent) ?? t(session.kind === 'cookie' ? 'account.browser' : 'account.program');
  return (
    <li className={classes.item}>
      <div>
        <strong>{name}</strong>
        <div className="muted">
          {session.is_current ? t('account.session_here') : t('account.session_seen', { at })}
        </div>
      </div>
      {!session.is_current && (
        <Button variant="subtle" color="danger" onClick={onEnd} aria-label={t('account.session_end_of', { name, at })}>
          {t('account.session_end')}
        </Button>
      )}
    </li>
  );
}
