// What is on record of a person: what lasts, and what happened when. For the patient and for who treats one.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { get } from '../../api/client';
import type { Page, PatientSummary, TimelineItem } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText, longDayText, timeText, zoneHere } from '../../app/time';
import { Button } from '../../ui/button';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import classes from './records.module.css';

export function SummaryCards({ summary }: { summary: PatientSummary }) {
  const { t } = useTranslation();
  const { allergies, problems, medicines } = summary;
  const active = <T extends { status: string }>(all: T[]) => all.filter((one) => one.status === 'active');
  return (
    <div className={classes.cards}>
      <Facts title={t('records.allergies')} none={t('records.no_allergies')} kind="danger">
        {active(allergies).map((a) => [a.substance, a.reaction].filter(Boolean).join(' – '))}
      </Facts>
      <Facts title={t('records.problems')} none={t('records.no_problems')}>
        {active(problems).map((p) => p.words)}
      </Facts>
      <Facts title={t('records.medicines')} none={t('records.no_medicines')}>
        {medicines.map((m) => `${m.medicine}, ${m.frequency}`)}
      </Facts>
    </div>
  );
}

function Facts({ title, none, kind, children }: { title: string; none: string; kind?: string; children: string[] }) {
  return (
    <section className="card" data-kind={children.length > 0 ? kind : undefined}>
      <h2>{title}</h2>
      {children.length === 0 && <p className="muted">{none}</p>}
      <ul className={classes.plain}>
        {children.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </section>
  );
}

export function useWhen() {
  const locale = useLocale();
  const zone = zoneHere();
  return (at: string) => `${longDayText(zone, at, locale)}, ${timeText(zone, at, locale)}`;
}

interface TimelineProps {
  id: number;
  /** Where a visit is read: the patient's ticket, or the doctor's page of it. */
  visitTo: '/a/$id' | '/doc/visit/$id';
  empty?: string;
}

export function Timeline({ id, visitTo, empty }: TimelineProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const when = useWhen();
  const query = useInfiniteQuery({
    queryKey: ['records', id, 'timeline'],
    queryFn: ({ pageParam, signal }) =>
      get<Page<TimelineItem>>(`/api/patients/${id}/timeline`, { cursor: pageParam, limit: 20 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{t('records.timeline')}</h2>
      {query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && items.length === 0 && <EmptyState title={t('records.empty')}>{empty}</EmptyState>}
      <ol className={classes.timeline}>
        {items.map((item) => (
          <li key={`${item.kind}${item.id}`} className="card">
            <p className="muted">
              {when(item.at)} · {t(`records.kind_${item.kind}`)}
            </p>
            <strong>
              <Title item={item} visitTo={visitTo} />
            </strong>
            {item.detail && (
              <p>{item.kind === 'visit' ? t('records.again', { date: dateText(item.detail, locale) }) : item.detail}</p>
            )}
            {item.doctor_name && (
              <p className="muted">{[item.doctor_name, item.hospital_name].filter(Boolean).join(' · ')}</p>
            )}
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('records.more')}
        </Button>
      )}
    </section>
  );
}

function Title({ item, visitTo }: { item: TimelineItem; visitTo: TimelineProps['visitTo'] }) {
  const { t } = useTranslation();
  if (item.kind === 'prescription')
    return (
      <Link to="/prescriptions/$id" params={{ id: String(item.id) }}>
        {item.title || t('records.kind_prescription')}
      </Link>
    );
  if (item.kind === 'visit' && item.appointment_id !== undefined)
    return (
      <Link to={visitTo} params={{ id: String(item.appointment_id) }}>
        {item.title || t('records.to_visit')}
      </Link>
    );
  return item.title;
}
