// What one has been told, the newest first; what is new is marked until it is read.
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { get } from '../../api/client';
import type { AppNotification, NotificationList } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { useSession } from '../../app/session';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import classes from './inbox.module.css';
import { inboxKey, useReadMarks } from './use_inbox';

const route = getRouteApi('/me/messages');

export function InboxPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { user, known, query } = useSession();
  useEffect(() => {
    if (known && !user && !query.isError) navigate({ to: '/login', search: { next: '/me/messages' }, replace: true });
  }, [known, user, query.isError, navigate]);
  if (user) return <Inbox />;
  return (
    <div className={`stack ${classes.page}`}>
      <PageTitle>{t('messages.title')}</PageTitle>
      {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading />}
    </div>
  );
}

function Inbox() {
  const { t } = useTranslation();
  const { unread } = route.useSearch();
  const navigate = route.useNavigate();
  const marks = useReadMarks();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const query = useInfiniteQuery({
    queryKey: [...inboxKey, 'list', unread],
    queryFn: ({ pageParam, signal }) =>
      get<NotificationList>('/api/me/notifications', { unread, cursor: pageParam, limit: 20 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
    placeholderData: (old) => old,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isAllRead = (query.data?.pages[0]?.unread ?? 0) === 0;
  const newest = items[0]?.id;
  const run = async (work: () => Promise<void>) => {
    setPending(true);
    setError(undefined);
    await work().catch(setError);
    setPending(false);
  };
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <PageTitle>{t('messages.title')}</PageTitle>
        <div className="row">
          {!isAllRead && newest !== undefined && (
            <Button variant="default" loading={pending} onClick={() => run(() => marks.upTo(newest))}>
              {t('messages.read_all')}
            </Button>
          )}
          <LinkButton to="/me/account" hash="account-tell" variant="default">
            {t('messages.settings')}
          </LinkButton>
        </div>
      </div>
      <label className={classes.only}>
        <input
          type="checkbox"
          checked={unread === true}
          onChange={(e) => navigate({ search: { unread: e.currentTarget.checked || undefined }, replace: true })}
        />
        <span>{t('messages.only_unread')}</span>
      </label>
      {error !== undefined && <ErrorState error={error} />}
      {query.isPending && <Loading lines={4} height={64} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && items.length === 0 && (
        <EmptyState title={t(unread ? 'messages.none_unread' : 'messages.none')}>{t('messages.none_hint')}</EmptyState>
      )}
      <ol className={classes.list}>
        {items.map((item) => (
          <Item key={item.id} item={item} onRead={() => run(() => marks.one(item.id))} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('messages.more')}
        </Button>
      )}
    </div>
  );
}

function Item({ item, onRead }: { item: AppNotification; onRead: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const router = useRouter();
  const isNew = item.read_at === undefined;
  const at = momentText(item.created_at, locale);
  const link = item.link?.startsWith('/') ? item.link : undefined;
  const title = item.title || t('messages.untitled');
  return (
    <li className={`card ${classes.item}`} data-new={isNew || undefined} data-message={item.id}>
      <div className={classes.words}>
        <p className={classes.title} dir="auto">
          {isNew && <span className={classes.mark}>{t('messages.new')}</span>}
          {link ? (
            <a
              href={link}
              onClick={(event) => {
                if (isNew) onRead();
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                router.history.push(link);
              }}
            >
              {title}
            </a>
          ) : (
            title
          )}
        </p>
        {item.text && item.text !== item.title && <p dir="auto">{item.text}</p>}
        <p className="muted">
          <time dateTime={item.created_at}>{at}</time>
        </p>
      </div>
      {isNew && (
        <Button compact variant="subtle" onClick={onRead}>
          {t('messages.read')}
          <span className="hidden">: {title}</span>
        </Button>
      )}
    </li>
  );
}
