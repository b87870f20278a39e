// What hangs on the wall of the waiting room: numbers, rooms and doctors. Nobody's name. A new number is marked for a few
// seconds, and said aloud where somebody has switched that on; nothing blinks.
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Display, DisplayRow } from '../../api/types';
import { useWatched } from '../../api/watch';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { useNow } from '../../ui/use_now';
import classes from './reception.module.css';

const route = getRouteApi('/display/$id');
const markedMs = 6000;

export function DisplayPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const query = useWatched<Display>(
    `/api/hospitals/${id}/display`,
    () => [`display/${id}`],
    () => true,
  );
  const display = query.data?.data;
  const fresh = useFresh(display?.items);
  const [isLoud, setLoud] = useState(false);
  useVoice(isLoud ? fresh : undefined);
  if (!display)
    return (
      <div className="narrow stack">
        <PageTitle>{t('display.title')}</PageTitle>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading />}
      </div>
    );
  return (
    <div className={`stack ${classes.wall}`}>
      <div className={classes.head}>
        <PageTitle title={t('display.title')}>{display.hospital_name || t('display.title')}</PageTitle>
        <Clock zone={display.time_zone} />
        {'speechSynthesis' in window && (
          <Button variant="default" aria-pressed={isLoud} onClick={() => setLoud(!isLoud)}>
            {t(isLoud ? 'display.voice_off' : 'display.voice_on')}
          </Button>
        )}
      </div>
      {display.items.length === 0 && <EmptyState title={t('display.empty')}>{t('display.empty_hint')}</EmptyState>}
      <ul className={classes.calls}>
        {display.items.map((row) => (
          <Call key={row.doctor_id} row={row} isFresh={fresh?.doctor_id === row.doctor_id} />
        ))}
      </ul>
      <p role="status" className="hidden">
        {fresh?.token !== undefined && t('display.said', { token: fresh.token, room: fresh.room ?? fresh.doctor_name })}
      </p>
    </div>
  );
}

function Call({ row, isFresh }: { row: DisplayRow; isFresh: boolean }) {
  const { t } = useTranslation();
  return (
    <li className={`card ${classes.call}`} data-fresh={isFresh || undefined}>
      <div>
        <strong className={classes.doctor}>{row.doctor_name}</strong>
        {row.room && <span className={classes.place}>{row.room}</span>}
      </div>
      <div className={`${classes.now} numbers`}>{row.token ?? '–'}</div>
      <p className={classes.next}>
        {row.next.length > 0 ? (
          <>
            {t('display.next')} <span className="numbers">{row.next.join(' · ')}</span>
          </>
        ) : (
          t('display.nobody')
        )}
        {row.delay_minutes > 0 && <span className={classes.late}>{t('board.late', { count: row.delay_minutes })}</span>}
      </p>
    </li>
  );
}

/** The row whose number was called while we looked, for a few seconds. */
function useFresh(items: DisplayRow[] | undefined) {
  const known = useRef<Map<number, string | undefined>>(undefined);
  const [fresh, setFresh] = useState<DisplayRow>();
  useEffect(() => {
    if (!items) return;
    const called = items.find(
      (row) => row.called_at && known.current && known.current.get(row.doctor_id) !== row.called_at,
    );
    known.current = new Map(items.map((row) => [row.doctor_id, row.called_at]));
    if (!called) return;
    setFresh(called);
    const timer = setTimeout(() => setFresh(undefined), markedMs);
    return () => clearTimeout(timer);
  }, [items]);
  return fresh;
}

function useVoice(fresh: DisplayRow | undefined) {
  const { t } = useTranslation();
  const locale = useLocale();
  useEffect(() => {
    if (fresh?.token === undefined) return;
    const words = new SpeechSynthesisUtterance(
      t('display.said', { token: fresh.token, room: fresh.room ?? fresh.doctor_name }),
    );
    words.lang = locale;
    window.speechSynthesis.speak(words);
  }, [fresh, t, locale]);
}

function Clock({ zone }: { zone: string }) {
  const locale = useLocale();
  const now = new Date(useNow(5000)).toISOString();
  return (
    <p className={`${classes.clock} numbers`}>
      {timeText(zone, now, locale)}
      <span className="muted">
        {' '}
        {dateText(now.slice(0, 10), locale, { weekday: 'long', day: 'numeric', month: 'long' })}
      </span>
    </p>
  );
}
