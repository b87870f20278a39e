// Who did and saw what, and what was refused; and which rule refused it. The filters are in the address.
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { get } from '../../api/client';
import type { AuditRecord, AuditRecords, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dayText, timeText, zoneHere } from '../../app/time';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { FindForm } from '../../ui/find_form';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { AuditWhy } from './audit_why';
import { sentenceOf } from './audit_words';
import { FilterSelect } from './filter_select';

const route = getRouteApi('/admin/audit');
const outcomes = ['done', 'refused'] as const;

export function AuditPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.audit')}>{(user) => <Audit user={user} />}</AdminFrame>;
}

function Audit({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle>{t('admin.audit')}</PageTitle>
      <p className="muted">{t(user.role === 'platform_admin' ? 'audit.rule_all' : 'audit.rule_hospital')}</p>
      {user.role === 'platform_admin' && <AuditWhy />}
      <Filters />
      <Records />
    </>
  );
}

const numberOf = (words: string) => (/^\d{1,15}$/.test(words) && Number(words) > 0 ? Number(words) : undefined);

function Filters() {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const put = (changed: Partial<typeof search>) =>
    navigate({ search: (old) => ({ ...old, ...changed }), replace: true, resetScroll: false });
  return (
    <div className="stack">
      <div className={classes.filters}>
        <FindForm
          className={classes.find}
          label={t('audit.actor')}
          initial={search.actor ? String(search.actor) : ''}
          minLength={1}
          onFind={(words) => put({ actor: numberOf(words) })}
        />
        <FindForm
          className={classes.find}
          label={t('audit.about')}
          initial={search.patient ? String(search.patient) : ''}
          minLength={1}
          onFind={(words) => put({ patient: numberOf(words) })}
        />
        <FindForm
          className={classes.find}
          label={t('audit.operation')}
          initial={search.operation}
          minLength={2}
          onFind={(words) => put({ operation: words || undefined })}
        />
      </div>
      <div className={classes.filters}>
        <FilterSelect
          label={t('audit.outcome')}
          value={search.outcome}
          options={outcomes}
          wordOf={(outcome) => t(`audit.outcome_${outcome}`)}
          onChoose={(outcome) => put({ outcome })}
        />
        <TextInput
          label={t('audit.from')}
          type="date"
          value={search.from ?? ''}
          max={search.to}
          onChange={(e) => put({ from: e.currentTarget.value || undefined })}
        />
        <TextInput
          label={t('audit.to')}
          type="date"
          value={search.to ?? ''}
          min={search.from}
          onChange={(e) => put({ to: e.currentTarget.value || undefined })}
        />
      </div>
    </div>
  );
}

/** The beginning of a day here, or of the day after it. */
function dayBegins(day: string | undefined, after = 0) {
  if (!day) return undefined;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + after).toISOString();
}

function Records() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { actor, patient, operation, outcome, from, to } = route.useSearch();
  const asked = { actor, patient, operation, outcome, from: dayBegins(from), to: dayBegins(to, 1), limit: 30 };
  const query = useInfiniteQuery({
    queryKey: ['admin', 'audit', asked],
    queryFn: ({ pageParam, signal }) =>
      get<AuditRecords>('/api/audit/records', { ...asked, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
    placeholderData: (old) => old,
  });
  if (query.isPending) return <Loading lines={6} height={52} />;
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const lookedBack = query.data?.pages.at(-1)?.looked_back_to;
  const zone = zoneHere();
  const when = (instant: string) => `${dayText(zone, instant, locale)} ${timeText(zone, instant, locale)}`;
  return (
    <>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <p role="status" className="hidden">
        {t('admin.found', { count: items.length })}
      </p>
      {query.data && items.length === 0 && (
        <EmptyState title={t('audit.none')}>
          {query.hasNextPage && lookedBack ? t('audit.none_until', { when: when(lookedBack) }) : t('audit.none_hint')}
        </EmptyState>
      )}
      <ul className={classes.list}>
        {items.map((record) => (
          <li key={record.id} className={`card ${classes.item}`}>
            <RecordLine record={record} when={when(record.at)} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" fullWidth loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {lookedBack ? t('audit.further', { when: when(lookedBack) }) : t('admin.more')}
        </Button>
      )}
    </>
  );
}

function RecordLine({ record, when }: { record: AuditRecord; when: string }) {
  const { t } = useTranslation();
  const isRefused = record.outcome === 'refused';
  return (
    <div className={classes.error}>
      <div>
        <strong>{sentenceOf(record, t)}</strong>
        {record.times > 1 && <span className="numbers"> · {t('audit.times', { count: record.times })}</span>}
        {record.purpose === 'emergency' && <span className={classes.refused}> · {t('audit.emergency')}</span>}
        {isRefused && <span className={classes.refused}> · {t('audit.outcome_refused')}</span>}
      </div>
      <div className={classes.reason} lang="en">
        <code>{[record.operation, record.problem, record.on].filter(Boolean).join(' · ')}</code>
      </div>
      {record.events.length > 0 && (
        <code className={classes.reason} lang="en">
          {record.events.join(', ')}
        </code>
      )}
      <div className="muted">
        <time dateTime={record.at}>{when}</time>
        {record.address && ` · ${record.address}`}
        {record.hospital_id && ` · ${t('audit.hospital', { id: record.hospital_id })}`}
      </div>
    </div>
  );
}
