import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Intent, request } from '../../api/client';
import type { Appointment, Payment } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateIn, moneyText } from '../../app/time';
import { Button, Loader } from '../../ui/button';
import { Countdown, useLeftMs } from '../../ui/countdown';
import { Radio, RadioGroup } from '../../ui/fields';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { useOutcomeWords } from '../../ui/outcome';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { VisitFacts } from '../appointment/visit_facts';
import classes from './book.module.css';
import { BookingProblem } from './booking_problem';
import { useBooking } from './use_booking';
import { useHold } from './use_hold';

const route = getRouteApi('/book/$id');
const settled = new Set(['booked', 'arrived', 'fulfilled', 'noshow']);
const holdMsUsual = 300_000;

export function BookPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const navigate = useNavigate();
  const hold = useHold(id);
  const status = hold.appointment?.status;
  useEffect(() => {
    if (status && settled.has(status)) navigate({ to: '/a/$id', params: { id }, replace: true });
  }, [status, id, navigate]);

  if (hold.isPending || (status && settled.has(status)))
    return (
      <div className="narrow">
        <PageTitle>{t('book.title')}</PageTitle>
        <Loading />
      </div>
    );
  if (hold.error || !hold.appointment)
    return (
      <div className="narrow stack">
        <PageTitle>{t('book.title')}</PageTitle>
        <ErrorState error={hold.error} onRetry={() => hold.refetch()} />
        <LinkButton to="/me" variant="default">
          {t('shell.me')}
        </LinkButton>
      </div>
    );
  return (
    <div className="narrow stack">
      <PageTitle title={t('book.title')}>{t(status === 'pending' ? 'book.title' : 'book.title_ended')}</PageTitle>
      <div className="card stack">
        <VisitFacts appointment={hold.appointment} price={hold.price} />
      </div>
      {status === 'pending' ? <Open key={id} id={id} hold={hold} /> : <Ended appointment={hold.appointment} />}
    </div>
  );
}

type HoldState = ReturnType<typeof useHold>;

function Open({ id, hold }: { id: string; hold: HoldState }) {
  const { t } = useTranslation();
  const leftMs = useLeftMs(hold.expiresAt, hold.clockOffsetMs);
  const [totalMs] = useState(() => Math.max(leftMs, holdMsUsual));
  const paying = hold.appointment?.payment?.status === 'requested';
  const over = leftMs <= 0;
  const { refetch } = hold;
  // The clock here has run out: the server decides, so it is asked until it says so.
  useEffect(() => {
    if (!over) return;
    const timer = setInterval(() => refetch(), 2000);
    return () => clearInterval(timer);
  }, [over, refetch]);
  return (
    <>
      <div className={`card ${classes.clock}`}>
        {hold.expiresAt && hold.clockKnown && (
          <Countdown leftMs={leftMs} totalMs={totalMs} label={t('book.held_for_you')} />
        )}
      </div>
      {paying && <Paying over={over} />}
      {!paying && over && (
        <Notice kind="info" role="status" title={t('book.checking')}>
          <p>{t('book.checking_text')}</p>
        </Notice>
      )}
      {!paying && !over && <PayForm id={id} hold={hold} />}
      {!paying && <Release id={id} appointment={hold.appointment} />}
    </>
  );
}

function Paying({ over }: { over: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={`card ${classes.paying}`} role="status">
      <Loader aria-hidden="true" />
      <div>
        <p className={classes.strong}>{t('book.paying')}</p>
        <p className="muted">{t(over ? 'book.paying_over' : 'book.paying_text')}</p>
      </div>
    </div>
  );
}

const sandboxOutcomes = ['success', 'fail', 'late'] as const;

function PayForm({ id, hold }: { id: string; hold: HoldState }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const intent = useRef(new Intent());
  const [outcome, setOutcome] = useState<(typeof sandboxOutcomes)[number]>('success');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const failed = hold.appointment?.payment?.status === 'failed';
  const pay = async () => {
    setPending(true);
    setError(undefined);
    try {
      await intent.current.post<Payment>(`/api/holds/${id}/payments`, { method: 'sandbox', outcome });
    } catch (problem) {
      setError(problem);
    }
    await hold.refetch();
    setPending(false);
  };
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        pay();
      }}
    >
      {failed && (
        <Notice kind="warn" role="alert" title={t('book.payment_failed')}>
          <p>{t('book.payment_failed_text')}</p>
        </Notice>
      )}
      <RadioGroup
        label={t('book.sandbox')}
        description={t('book.sandbox_hint')}
        value={outcome}
        onChange={(value) => setOutcome(sandboxOutcomes.find((o) => o === value) ?? 'success')}
      >
        <div className={classes.options}>
          {sandboxOutcomes.map((o) => (
            <Radio key={o} value={o} label={t(`book.sandbox_${o}`)} />
          ))}
        </div>
      </RadioGroup>
      {error !== undefined && <BookingProblem error={error} onClose={() => setError(undefined)} />}
      <Button type="submit" loading={pending} fullWidth>
        {hold.price && hold.price.amount_minor > 0
          ? t('book.pay', { price: moneyText(hold.price, locale) })
          : t('book.confirm')}
      </Button>
    </form>
  );
}

function Release({ id, appointment }: { id: string; appointment?: Appointment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const release = async () => {
    setPending(true);
    try {
      await request('DELETE', `/api/holds/${id}`);
      if (appointment) await navigate({ to: '/d/$id', params: { id: String(appointment.doctor_id) } });
    } catch (problem) {
      setError(problem);
      setPending(false);
    }
  };
  return (
    <div className="stack">
      {error !== undefined && <ErrorState error={error} />}
      <div className={classes.release}>
        <Button variant="subtle" color="danger" onClick={release} loading={pending}>
          {t('book.release')}
        </Button>
        <span className="muted">{t('book.release_hint')}</span>
      </div>
    </div>
  );
}

/** The hold ended without a booking: what happened to the time and to the money, and the way on. */
function Ended({ appointment }: { appointment: Appointment }) {
  const { t } = useTranslation();
  const outcomeWords = useOutcomeWords();
  const booking = useBooking();
  const payment = appointment.payment?.status ?? 'none';
  const moneyMoved = ['requested', 'captured', 'settled', 'refund_due', 'refunded'].includes(payment);
  const day = dateIn(appointment.time_zone, appointment.starts_at);
  const again = () =>
    booking.hold({
      doctor_id: appointment.doctor_id,
      hospital_id: appointment.hospital_id,
      starts_at: appointment.starts_at,
      slots: appointment.slots,
      reason: appointment.reason ?? undefined,
    });
  const waitFor = () =>
    booking.wait({
      doctor_id: appointment.doctor_id,
      hospital_id: appointment.hospital_id,
      from: day,
      to: day,
      slots: appointment.slots,
    });
  return (
    <>
      <Notice kind="warn" role="alert" title={t(appointment.status === 'cancelled' ? 'book.released' : 'book.expired')}>
        {appointment.outcome && <p>{outcomeWords(appointment.outcome)}</p>}
        <p>{moneyMoved ? t(`book.money_${payment}`) : t('book.money_none')}</p>
      </Notice>
      {booking.error !== undefined && (
        <BookingProblem error={booking.error} onWait={waitFor} waiting={booking.pending === 'wait'} />
      )}
      {payment !== 'requested' && (
        <div className="row">
          <Button onClick={again} loading={booking.pending === 'hold'}>
            {t('book.again')}
          </Button>
          <LinkButton to="/d/$id" params={{ id: String(appointment.doctor_id) }} search={{ on: day }} variant="default">
            {t('book.other_time')}
          </LinkButton>
        </div>
      )}
    </>
  );
}
