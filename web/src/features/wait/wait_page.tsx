import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { request } from '../../api/client';
import type { Doctor, Offer, Wait } from '../../api/types';
import { useWatched } from '../../api/watch';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText, longDayText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { Countdown, useLeftMs } from '../../ui/countdown';
import { Dialog } from '../../ui/dialog';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { useOutcomeWords } from '../../ui/outcome';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { doctorName } from '../doctor/doctor_parts';
import { useDoctor } from '../doctor/use_doctor';
import { clinicZone } from '../slots/slot_picker';
import classes from './wait.module.css';

const route = getRouteApi('/wait/$id');
// The queue tells when somebody ahead has left, the wait when its own turn comes.
const topicsOf = (wait: Wait) => [`wait/${wait.id}`, ...(wait.status === 'waiting' ? [`queue/${wait.doctor_id}`] : [])];
const open = (wait: Wait) => wait.status === 'waiting' || wait.status === 'offered';
const holdMsUsual = 300_000;

export function WaitPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const query = useWatched<Wait>(`/api/waits/${id}`, topicsOf, open);
  const wait = query.data?.data;
  const doctor = useDoctor(wait?.doctor_id).data;
  useTabTitle(wait);
  if (!wait)
    return (
      <div className="narrow stack">
        <PageTitle>{t('wait.title')}</PageTitle>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading />}
      </div>
    );
  return (
    <div className="narrow stack">
      <PageTitle title={t('wait.title')}>{t(open(wait) ? 'wait.title' : 'wait.title_ended')}</PageTitle>
      <WaitFor wait={wait} doctor={doctor} />
      {wait.status === 'waiting' && <InLine wait={wait} live={query.live} />}
      {wait.status === 'offered' && wait.offer && (
        <OfferPanel
          offer={wait.offer}
          doctor={doctor}
          clockOffsetMs={query.data?.clockOffsetMs ?? 0}
          onOver={() => query.refetch()}
        />
      )}
      {open(wait) ? <Leave wait={wait} onLeft={() => query.refetch()} /> : <Ended wait={wait} />}
    </div>
  );
}

/** The tab tells the place, and that there is an offer, to somebody who reads another tab. */
function useTabTitle(wait: Wait | undefined) {
  const { t } = useTranslation();
  const notified = useRef(false);
  useEffect(() => {
    if (wait?.status === 'waiting' && wait.position)
      document.title = t('wait.tab_position', { position: wait.position });
    if (wait?.status !== 'offered') return;
    document.title = t('wait.tab_offer');
    if (notified.current || !('Notification' in window) || Notification.permission !== 'granted') return;
    notified.current = true;
    new Notification(t('wait.offer_title'), { body: t('wait.offer_text'), tag: `wait-${wait.id}` });
  }, [wait, t]);
}

function WaitFor({ wait, doctor }: { wait: Wait; doctor?: Doctor }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const hospital = doctor?.practices.find((p) => p.hospital_id === wait.hospital_id)?.hospital_name;
  const span =
    wait.from &&
    (wait.from === wait.to || !wait.to
      ? dateText(wait.from, locale)
      : `${dateText(wait.from, locale)} – ${dateText(wait.to, locale)}`);
  return (
    <p className={classes.for}>
      {[
        doctor && doctorName(doctor),
        hospital,
        span,
        wait.slots && wait.slots > 1 ? t('slots.length_of', { count: wait.slots }) : undefined,
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

function InLine({ wait, live }: { wait: Wait; live: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const position = wait.position ?? 1;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <div className={`card ${classes.line}`}>
        <div className={classes.place}>
          <span className="muted">{t('wait.position_label')}</span>
          <strong className={`${classes.position} numbers`} data-testid="position">
            {position}
          </strong>
        </div>
        <dl className="facts">
          <dt>{t('wait.estimate_label')}</dt>
          <dd>
            {wait.estimate_seconds
              ? t('wait.estimate', { count: Math.max(1, Math.round(wait.estimate_seconds / 60)) })
              : t('wait.estimate_none')}
          </dd>
          {wait.ticket !== undefined && wait.ticket !== null && (
            <>
              <dt>{t('wait.ticket')}</dt>
              <dd className="numbers">{wait.ticket}</dd>
            </>
          )}
          <dt>{t('wait.joined')}</dt>
          <dd className="numbers">{timeText(zone, wait.joined_at, locale)}</dd>
          <dt>{t('wait.until')}</dt>
          <dd className="numbers">{timeText(zone, wait.expires_at, locale)}</dd>
        </dl>
        <p role="status" className={classes.status}>
          <span aria-hidden="true" className={classes.dot} data-live={live} />{' '}
          {t('wait.position_words', { count: position - 1 })}
        </p>
      </div>
      <p className="muted">{t('wait.explain')}</p>
      <NotifyButton />
    </>
  );
}

function NotifyButton() {
  const { t } = useTranslation();
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'));
  if (permission === 'denied') return null;
  if (permission === 'granted') return <p className="muted">{t('wait.notify_on')}</p>;
  return (
    <div>
      <Button variant="default" onClick={async () => setPermission(await Notification.requestPermission())}>
        {t('wait.notify')}
      </Button>
    </div>
  );
}

interface OfferPanelProps {
  offer: Offer;
  doctor?: Doctor;
  clockOffsetMs: number;
  onOver: () => void;
}

function OfferPanel({ offer, doctor, clockOffsetMs, onOver }: OfferPanelProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const leftMs = useLeftMs(offer.expires_at, clockOffsetMs);
  const [totalMs] = useState(() => Math.max(leftMs, holdMsUsual));
  const zone = doctor ? clinicZone(doctor, offer.hospital_id) : 'UTC';
  const hospital = doctor?.practices.find((p) => p.hospital_id === offer.hospital_id)?.hospital_name;
  const over = leftMs <= 0;
  const asked = useRef(onOver);
  asked.current = onOver;
  useEffect(() => {
    if (!over) return;
    const timer = setInterval(() => asked.current(), 2000);
    return () => clearInterval(timer);
  }, [over]);
  return (
    <section className={`card ${classes.offer}`} aria-labelledby="offer">
      <div role="alert">
        <h2 id="offer">{t('wait.offer_title')}</h2>
        <p>{t('wait.offer_text')}</p>
      </div>
      {doctor && (
        <p className={`${classes.offered} numbers`}>
          {longDayText(zone, offer.starts_at, locale)}, {timeText(zone, offer.starts_at, locale)}–
          {timeText(zone, offer.ends_at, locale)}
          {hospital && <span className="muted"> · {hospital}</span>}
        </p>
      )}
      <Countdown leftMs={leftMs} totalMs={totalMs} label={t('book.held_for_you')} />
      {!over && (
        <LinkButton to="/book/$id" params={{ id: String(offer.hold_id) }}>
          {t('wait.take')}
        </LinkButton>
      )}
    </section>
  );
}

function Leave({ wait, onLeft }: { wait: Wait; onLeft: () => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const leave = async () => {
    setPending(true);
    try {
      await request('DELETE', `/api/waits/${wait.id}`);
      setAsking(false);
      onLeft();
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <div>
      <Button variant="subtle" color="danger" onClick={() => setAsking(true)}>
        {t(wait.status === 'offered' ? 'wait.decline' : 'wait.leave')}
      </Button>
      <Dialog open={asking} title={t('wait.leave_title')} onClose={() => setAsking(false)}>
        <div className="stack">
          <p>{t('wait.leave_text')}</p>
          {error !== undefined && <ErrorState error={error} />}
          <div className="row">
            <Button color="danger" loading={pending} onClick={leave}>
              {t('wait.leave_yes')}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('wait.leave_no')}
            </Button>
          </div>
        </div>
      </Dialog>
    </div>
  );
}

const endKinds = {
  booked: 'ok',
  left: 'info',
  lapsed: 'warn',
  unserved: 'warn',
  expired: 'warn',
  waiting: 'info',
  offered: 'info',
} as const;

function Ended({ wait }: { wait: Wait }) {
  const { t } = useTranslation();
  const outcomeWords = useOutcomeWords();
  const navigate = useNavigate();
  const doctorId = String(wait.doctor_id);
  return (
    <>
      <Notice kind={endKinds[wait.status]} role="alert" title={t(`wait.end_${wait.status}`)}>
        {wait.outcome && <p>{outcomeWords(wait.outcome)}</p>}
        <p>{t(`wait.end_${wait.status}_text`)}</p>
      </Notice>
      <div className="row">
        {wait.status === 'booked' ? (
          <LinkButton to={wait.offer ? '/a/$id' : '/me'} params={{ id: String(wait.offer?.hold_id ?? '') }}>
            {t('wait.to_appointment')}
          </LinkButton>
        ) : (
          <Button
            onClick={() =>
              navigate({ to: '/d/$id', params: { id: doctorId }, search: wait.from ? { on: wait.from } : {} })
            }
          >
            {t('wait.look_again')}
          </Button>
        )}
        <LinkButton to="/" variant="default">
          {t('wait.other_doctor')}
        </LinkButton>
      </div>
    </>
  );
}
