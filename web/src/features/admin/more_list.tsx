// A list that comes in pages: its loading, its emptiness, its error and its next page.
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { get, type RequestOptions } from '../../api/client';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import classes from './admin.module.css';

interface MoreListProps<T> {
  name: string;
  path: string;
  query: RequestOptions['query'];
  empty: string;
  emptyHint?: string;
  emptyActions?: ReactNode;
  enabled?: boolean;
  children: (item: T) => ReactNode;
  keyOf: (item: T) => number;
}

export const listKey = (name: string) => ['admin', name] as const;

export function MoreList<T>(props: MoreListProps<T>) {
  const { name, path, query: asked, empty, emptyHint, emptyActions, enabled = true, children, keyOf } = props;
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: [...listKey(name), asked],
    queryFn: ({ pageParam, signal }) =>
      get<{ items: T[]; next?: string; total?: number }>(path, { ...asked, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
    enabled,
    placeholderData: (old) => old,
  });
  const items = query.data?.pages.flatMap((p) => p.items) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  // A search may find nothing so far and yet go on.
  const goesOn = items.length === 0 && hasNextPage;
  useEffect(() => {
    if (goesOn && !isFetchingNextPage) fetchNextPage();
  }, [goesOn, isFetchingNextPage, fetchNextPage]);
  if (!enabled) return null;
  if (query.isPending || (goesOn && !query.isError)) return <Loading lines={5} height={52} />;
  return (
    <>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <p role="status" className="hidden">
        {t('admin.found', { count: query.data?.pages[0]?.total ?? items.length })}
      </p>
      {query.data && items.length === 0 && (
        <EmptyState title={empty} actions={emptyActions}>
          {emptyHint}
        </EmptyState>
      )}
      <ul className={classes.list}>
        {items.map((item) => (
          <li key={keyOf(item)} className={`card ${classes.item}`}>
            {children(item)}
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" fullWidth loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('admin.more')}
        </Button>
      )}
    </>
  );
}
