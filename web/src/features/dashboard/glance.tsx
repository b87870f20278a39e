// A hospital's day at a glance: who is in, who runs late, who waits, what is still free.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { get } from '../../api/client';
import type { DoctorPage, Hospital, SlotList } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText } from '../../app/time';
import { LinkButton } from '../../ui/links';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { doctorName } from '../doctor/doctor_parts';
import { useBoard } from '../reception/use_board';
import statsClasses from '../stats/stats.module.css';
import classes from './glance.module.css';
import { freeCount, type Glance, glanceOf, totalsOf } from './glance_rules';

const freeLookEveryMs = 120_000;

function useMinute() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function HospitalGlance({ hospital }: { hospital: Hospital }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useMinute();
  const { query, live } = useBoard(hospital.id, undefined);
  const doctors = useQuery({
    queryKey: ['directory', 'hospital', hospital.id, 'doctors'],
    queryFn: ({ signal }) =>
      get<DoctorPage>('/api/doctors', { hospital_id: hospital.id, sort: 'name', limit: 30 }, signal),
    staleTime: 60_000,
  });
  const board = query.data;
  const others = (doctors.data?.items ?? []).map((one) => ({ id: one.id, name: doctorName(one) }));
  const all = board ? glanceOf(board, others, now) : [];
  const totals = totalsOf(all);
  const number = (value: number) => value.toLocaleString(locale);
  return (
    <section className="stack" aria-labelledby="glance">
      <div className={classes.head}>
        <div>
          <h2 id="glance">{t('glance.title', { hospital: hospital.name })}</h2>
          <p className="muted">
            {board && dateText(board.on, locale, { weekday: 'long', day: 'numeric', month: 'long' })}
            {live && ` · ${t('day.live')}`}
          </p>
        </div>
        <LinkButton to="/desk" search={{ h: hospital.id }} variant="default">
          {t('glance.board')}
        </LinkButton>
      </div>
      {query.isPending && <Loading lines={4} height={48} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {board && (
        <ul className={statsClasses.tiles}>
          {(['isIn', 'late', 'waiting', 'expected', 'seen'] as const).map((name) => (
            <li key={name} className={`card ${statsClasses.tile}`}>
              <span className="muted">{t(`glance.tile_${name}`)}</span>
              <strong className="numbers">{number(totals[name])}</strong>
            </li>
          ))}
        </ul>
      )}
      {board && all.length === 0 && <EmptyState title={t('glance.none')} />}
      {board && all.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className={`card ${classes.scroll}`} aria-label={t('glance.doctors')} tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('day.doctor')}</th>
                {(['waiting', 'longest', 'expected', 'seen', 'missed', 'free'] as const).map((name) => (
                  <th key={name} scope="col">
                    {t(`glance.column_${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <Row key={one.doctor} one={one} hospital={hospital} on={board.on} now={now} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function Row({ one, hospital, on, now }: { one: Glance; hospital: Hospital; on: string; now: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const free = useQuery({
    queryKey: ['glance', 'free', one.doctor, hospital.id, on],
    queryFn: ({ signal }) =>
      get<SlotList>(`/api/doctors/${one.doctor}/slots`, { from: on, to: on, hospital_id: hospital.id }, signal),
    refetchInterval: freeLookEveryMs,
    staleTime: 30_000,
  });
  const number = (value: number) => (value === 0 ? '–' : value.toLocaleString(locale));
  return (
    <tr>
      <th scope="row">
        <Link to="/desk" search={{ h: hospital.id, doctor: one.doctor }} className={classes.name}>
          {one.name}
        </Link>
        <div className={classes.marks}>
          <span data-in={one.isIn || undefined}>{t(one.isIn ? 'glance.is_in' : 'glance.not_yet')}</span>
          {one.lateMinutes > 0 && <span data-late>{t('glance.late', { count: one.lateMinutes })}</span>}
        </div>
      </th>
      <td className="numbers">{number(one.waiting)}</td>
      <td className="numbers">{one.longestMinutes > 0 ? t('stats.minutes', { count: one.longestMinutes }) : '–'}</td>
      <td className="numbers">{number(one.expected)}</td>
      <td className="numbers">{number(one.seen)}</td>
      <td className="numbers">{number(one.missed)}</td>
      <td className="numbers">{free.data ? number(freeCount(free.data.items, hospital.id, now)) : '…'}</td>
    </tr>
  );
}
