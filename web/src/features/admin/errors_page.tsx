// What went wrong on the server's side, for the super administrator: how often, where, and under which trace to look in
// the log. What is alike within an hour at one node is one entry.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { get } from '../../api/client';
import type { ErrorCounts, ErrorEntry } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dayText, timeText, zoneHere } from '../../app/time';
import { PageTitle } from '../../ui/page';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { FilterSelect } from './filter_select';
import { MoreList } from './more_list';

const route = getRouteApi('/admin/errors');
const spans = ['1', '24', '168'] as const;
const hourMs = 3_600_000;

export function ErrorsPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame roles={['platform_admin']} title={t('admin.errors')}>
      {() => <Errors />}
    </AdminFrame>
  );
}

function Errors() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { code, hours } = route.useSearch();
  // Of the moment at which the page is opened or the span chosen: a list must not move while it is read.
  const since = useMemo(
    () => (hours ? new Date(Date.now() - Number(hours) * hourMs).toISOString() : undefined),
    [hours],
  );
  const counts = useQuery({
    queryKey: ['admin', 'error-counts', since],
    queryFn: ({ signal }) => get<ErrorCounts>('/api/errors/counts', { since }, signal),
    staleTime: 0,
  }).data?.items;
  const codes = counts?.flatMap((count) => count.code ?? []) ?? [];
  const repeatsOf = (word: string) => counts?.find((count) => count.code === word)?.repeats ?? 0;
  return (
    <>
      <PageTitle>{t('admin.errors')}</PageTitle>
      <p className="muted">{t('admin.errors_rule')}</p>
      <div className={classes.filters}>
        <FilterSelect
          label={t('admin.error_code')}
          value={code}
          options={code && !codes.includes(code) ? [...codes, code] : codes}
          wordOf={(word) => `${word} (${repeatsOf(word)})`}
          onChoose={(chosen) => navigate({ search: (old) => ({ ...old, code: chosen }), replace: true })}
        />
        <FilterSelect
          label={t('admin.error_span')}
          value={hours}
          options={spans}
          wordOf={(span) => t(`admin.error_span_${span}`)}
          onChoose={(chosen) => navigate({ search: (old) => ({ ...old, hours: chosen }), replace: true })}
        />
      </div>
      <MoreList<ErrorEntry>
        name="errors"
        path="/api/errors"
        query={{ code, since, limit: 30 }}
        empty={t('admin.errors_none')}
        emptyHint={t('admin.errors_none_hint')}
        keyOf={(entry) => entry.id}
      >
        {(entry) => <ErrorLine entry={entry} />}
      </MoreList>
    </>
  );
}

function ErrorLine({ entry }: { entry: ErrorEntry }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = zoneHere();
  const when = (instant: string) => `${dayText(zone, instant, locale)} ${timeText(zone, instant, locale)}`;
  return (
    <div className={classes.error}>
      <div>
        <strong lang="en">{entry.message}</strong>
        {entry.repeats > 1 && <span className="numbers"> · {t('admin.error_repeats', { count: entry.repeats })}</span>}
      </div>
      <div lang="en">{[entry.operation, entry.code].filter(Boolean).join(' · ')}</div>
      {entry.reason && (
        <code lang="en" className={classes.reason}>
          {entry.reason}
        </code>
      )}
      <div className="muted">
        {when(entry.last_at)}
        {entry.repeats > 1 && ` · ${t('admin.error_first', { when: when(entry.first_at) })}`} · {entry.node}
      </div>
      {entry.trace_id && (
        <div className="muted">
          {t('admin.error_trace')} <code className={classes.reason}>{entry.trace_id}</code>
        </div>
      )}
    </div>
  );
}
