// A day of appointments by time, with the week ahead above it: for the doctor, and for the staff of a hospital.
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Appointment, LocalDate } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { addDays, dateIn, dateText, timeText, zoneName } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { LinkButton } from '../../ui/links';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { StatusMark } from '../../ui/status_mark';
import { useNow } from '../../ui/use_now';
import classes from './day.module.css';
import { actionsOf, countsOf, type DayAction, isListed, nowIndex, onDay } from './day_rules';
import { type DaySource, daysShown, useDayList, useStatusChange } from './use_day_list';

interface DayViewProps {
  source: DaySource;
  zone: string;
  /** The day that is shown; the week above begins today, or with this day when it lies outside. */
  day: LocalDate;
  onDay: (day: LocalDate) => void;
  mayAlter: boolean;
  showDoctor?: boolean;
  only?: (a: Appointment) => boolean;
}

export function DayView({ source, zone, day, onDay: go, mayAlter, showDoctor, only }: DayViewProps) {
  const { t } = useTranslation();
  const now = useNow();
  const today = dateIn(zone, now);
  const start = day >= today && day < addDays(today, daysShown) ? today : day;
  const { query, live, key } = useDayList(source, start);
  const change = useStatusChange(source, key);
  const all = useMemo(() => (query.data ?? []).filter((a) => only?.(a) ?? true), [query.data, only]);
  const ofDay = onDay(all, day);
  const items = ofDay.filter(isListed);
  const cancelled = ofDay.filter((a) => a.status === 'cancelled');
  return (
    <>
      <WeekStrip start={start} day={day} today={today} items={all} loaded={query.data !== undefined} onDay={go} />
      <Summary items={items} zone={zone} live={live} />
      <p role="status" className="hidden">
        {change.done && t('day.changed', { name: change.done.patient_name, status: t(`status.${change.done.status}`) })}
      </p>
      {query.isPending && <Loading lines={5} height={56} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && items.length === 0 && (
        <EmptyState
          title={t(day === today ? 'day.empty_today' : 'day.empty')}
          actions={<NextDay items={all} day={day} onDay={go} />}
        >
          {t('day.empty_hint')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <Rows
          items={items}
          now={day === today ? now : undefined}
          change={change}
          mayAlter={mayAlter}
          showDoctor={showDoctor}
          opensVisits={source.own}
        />
      )}
      {cancelled.length > 0 && (
        <details className={classes.cancelled}>
          <summary>{t('day.cancelled', { count: cancelled.length })}</summary>
          <Rows items={cancelled} change={change} mayAlter={false} showDoctor={showDoctor} opensVisits={source.own} />
        </details>
      )}
    </>
  );
}

interface WeekStripProps {
  start: LocalDate;
  day: LocalDate;
  today: LocalDate;
  items: Appointment[];
  loaded: boolean;
  onDay: (day: LocalDate) => void;
}

function WeekStrip({ start, day, today, items, loaded, onDay: go }: WeekStripProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const days = Array.from({ length: daysShown }, (_, i) => addDays(start, i));
  return (
    <nav className={classes.strip} aria-label={t('day.days')}>
      <Button variant="default" compact onClick={() => go(addDays(day, -1))} aria-label={t('day.earlier')}>
        <span aria-hidden="true">‹</span>
      </Button>
      <ul className={classes.days}>
        {days.map((d) => {
          const count = onDay(items, d).filter((a) => isListed(a) && a.status !== 'pending').length;
          return (
            <li key={d}>
              <button
                type="button"
                className={classes.day}
                aria-current={d === day ? 'date' : undefined}
                onClick={() => go(d)}
                data-empty={loaded && count === 0 ? '' : undefined}
              >
                <span className={classes.weekday}>
                  {d === today ? t('day.today') : dateText(d, locale, { weekday: 'short' })}
                </span>
                <span className={`${classes.number} numbers`}>{dateText(d, locale, { day: 'numeric' })}</span>
                <span className={`${classes.count} numbers`}>
                  <span aria-hidden="true">{loaded ? count : '·'}</span>
                  <span className="hidden">{loaded ? t('day.count', { count }) : ''}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <Button variant="default" compact onClick={() => go(addDays(day, 1))} aria-label={t('day.later')}>
        <span aria-hidden="true">›</span>
      </Button>
      <label className={classes.jump}>
        <span className="hidden">{t('day.jump')}</span>
        <input type="date" value={day} onChange={(e) => e.currentTarget.value && go(e.currentTarget.value)} />
      </label>
    </nav>
  );
}

function Summary({ items, zone, live }: { items: Appointment[]; zone: string; live: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const counts = countsOf(items);
  return (
    <div className={classes.summary}>
      <ul className={classes.tiles}>
        {(['coming', 'arrived', 'fulfilled', 'noshow'] as const).map((name) => (
          <li key={name} data-kind={name}>
            <strong className="numbers">{counts[name]}</strong> {t(`day.tile_${name}`)}
          </li>
        ))}
        {counts.held > 0 && (
          <li data-kind="held">
            <strong className="numbers">{counts.held}</strong> {t('day.tile_held')}
          </li>
        )}
      </ul>
      <p className="muted">
        {t('day.zone', { zone: zoneName(zone, new Date().toISOString(), locale) })}
        {live && ` · ${t('day.live')}`}
      </p>
    </div>
  );
}

function NextDay({ items, day, onDay: go }: { items: Appointment[]; day: LocalDate; onDay: (day: LocalDate) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const next = items
    .filter((a) => isListed(a) && dateIn(a.time_zone, a.starts_at) > day)
    .map((a) => dateIn(a.time_zone, a.starts_at))
    .sort()[0];
  if (!next) return null;
  return (
    <Button variant="default" onClick={() => go(next)}>
      {t('day.next_busy', { day: dateText(next, locale) })}
    </Button>
  );
}

interface RowsProps {
  items: Appointment[];
  now?: number;
  change: ReturnType<typeof useStatusChange>;
  mayAlter: boolean;
  showDoctor?: boolean;
  /** The doctor's own: each row leads to its visit. */
  opensVisits?: boolean;
}

function Rows({ items, now, change, mayAlter, showDoctor, opensVisits }: RowsProps) {
  const { t } = useTranslation();
  const [missed, setMissed] = useState<Appointment>();
  const mark = now === undefined ? -1 : nowIndex(items, now);
  const act = (a: Appointment, action: DayAction) => (action === 'noshow' ? setMissed(a) : change.change(a, action));
  return (
    <>
      <ol className={classes.rows}>
        {items.map((a, index) => (
          <Row
            key={a.id}
            appointment={a}
            marked={index === mark}
            now={now ?? 0}
            pending={change.pending === a.id}
            error={change.failed?.id === a.id ? change.failed.error : undefined}
            onAct={mayAlter ? (action) => act(a, action) : undefined}
            showDoctor={showDoctor}
            opensVisits={opensVisits}
          />
        ))}
        {mark === items.length && items.length > 0 && <li className={classes.now}>{t('day.now_over')}</li>}
      </ol>
      <Dialog open={missed !== undefined} title={t('day.noshow_title')} onClose={() => setMissed(undefined)}>
        <div className="stack">
          <p>{t('day.noshow_text', { name: missed?.patient_name })}</p>
          <div className="row">
            <Button
              color="danger"
              onClick={() => {
                if (missed) change.change(missed, 'noshow');
                setMissed(undefined);
              }}
            >
              {t('day.noshow_yes')}
            </Button>
            <Button variant="default" onClick={() => setMissed(undefined)}>
              {t('day.noshow_no')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

interface RowProps {
  appointment: Appointment;
  marked: boolean;
  now: number;
  pending: boolean;
  error: unknown;
  onAct?: (action: DayAction) => void;
  showDoctor?: boolean;
  opensVisits?: boolean;
}

function Row({ appointment: a, marked, now, pending, error, onAct, showDoctor, opensVisits }: RowProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const actions = onAct ? actionsOf(a, now || Date.now()) : [];
  const time = timeText(a.time_zone, a.starts_at, locale);
  const name = a.patient_name ?? t('day.patient', { id: a.patient_id });
  return (
    <>
      {marked && <li className={classes.now}>{t('day.now')}</li>}
      <li className={`${classes.row} card`} data-status={a.status} data-appointment={a.id}>
        <div className={`${classes.time} numbers`}>
          <strong>{time}</strong>
          <span className="muted">{timeText(a.time_zone, a.ends_at, locale)}</span>
        </div>
        <div className={classes.who}>
          <Link to="/a/$id" params={{ id: String(a.id) }} className={classes.name}>
            {name}
          </Link>
          <div className="muted">
            {[showDoctor && a.doctor_name, a.reason, a.status === 'cancelled' && a.cancel_reason]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </div>
        <StatusMark status={a.status} />
        <div className={classes.actions}>
          {onAct &&
            actions.map((action, index) => (
              <Button
                key={action}
                compact
                variant={index === 0 ? 'filled' : 'default'}
                loading={pending && index === 0}
                disabled={pending && index > 0}
                onClick={() => onAct(action)}
                aria-label={t('day.act_label', { action: t(`day.act_${action}`), name, time })}
              >
                {t(`day.act_${action}`)}
              </Button>
            ))}
          {opensVisits && (
            <LinkButton
              to="/doc/visit/$id"
              params={{ id: String(a.id) }}
              variant="default"
              compact
              aria-label={t('treatment.open_label', { name })}
            >
              {t('treatment.open')}
            </LinkButton>
          )}
        </div>
        {error !== undefined && (
          <div className={classes.error}>
            <ErrorState error={error} />
          </div>
        )}
      </li>
    </>
  );
}
