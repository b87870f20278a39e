import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Problem, request } from '../../api/client';
import type { Appointment, Slot } from '../../api/types';
import { useWatched, watchedKey } from '../../api/watch';
import { useLocale, useTranslation } from '../../app/i18n';
import { type Pass, passesKeep, passFind, passPlace } from '../../app/passes';
import { mayAlterAppointments, useSession } from '../../app/session';
import { dayText, longDayText, moneyText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Textarea } from '../../ui/fields';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { useOutcomeWords } from '../../ui/outcome';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { BookingProblem } from '../booking/booking_problem';
import { useDoctor } from '../doctor/use_doctor';
import { useHospital } from '../hospital/use_hospital';
import { OwnTurn } from '../reception/own_turn';
import { OwnReview } from '../reviews/own_review';
import { type SlotChoice, SlotPicker } from '../slots/slot_picker';
import classes from './appointment.module.css';
import { calendarFile } from './calendar_file';
import { Ticket } from './ticket';

const route = getRouteApi('/a/$id');
const noticeKinds = {
  pending: 'hold',
  booked: 'ok',
  arrived: 'ok',
  fulfilled: 'ok',
  cancelled: 'info',
  noshow: 'warn',
  expired: 'warn',
} as const;
const topicsOf = ({ id }: Appointment) => [`appointment/${id}`];
const open = ({ status }: Appointment) => ['pending', 'booked', 'arrived'].includes(status);

export function AppointmentPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const path = `/api/appointments/${id}`;
  const query = useWatched<Appointment>(path, topicsOf, open);
  const appointment = query.data?.data;
  const outcomeWords = useOutcomeWords();
  const { user } = useSession();
  const isOwn = user !== undefined && appointment?.patient_id === user.id;
  const hospital = useHospital(appointment?.hospital_id).data;
  useEffect(() => {
    if (!appointment || !isOwn) return;
    passesKeep([appointment]);
    if (hospital) passPlace(appointment.id, hospital);
  }, [appointment, isOwn, hospital]);
  const unanswered = query.error instanceof Problem && query.error.unanswered;
  const pass = unanswered ? passFind(id) : undefined;
  if (!appointment && pass) return <OfflinePass pass={pass} onRetry={() => query.refetch()} />;
  if (!appointment)
    return (
      <div className="narrow stack">
        <PageTitle>{t('appointment.title')}</PageTitle>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading />}
      </div>
    );
  // What came of the booking is no news once the visit is over.
  const over = appointment.status === 'fulfilled' || appointment.status === 'noshow';
  return (
    <div className="narrow stack">
      <PageTitle title={t('appointment.title')}>{t('appointment.heading')}</PageTitle>
      <Notice
        kind={noticeKinds[appointment.status]}
        role="status"
        title={(over ? undefined : outcomeWords(appointment.outcome)) ?? t(`status.${appointment.status}`)}
      >
        <p>{t(`appointment.text_${appointment.status}`)}</p>
      </Notice>
      {appointment.status === 'arrived' && <OwnTurn appointmentId={appointment.id} />}
      <Ticket appointment={appointment} />
      {appointment.status === 'pending' && (
        <LinkButton to="/book/$id" params={{ id }}>
          {t('appointment.go_on')}
        </LinkButton>
      )}
      {appointment.status === 'fulfilled' && isOwn && <OwnReview appointment={appointment} />}
      {unanswered && <Notice kind="warn" role="status" title={t('appointment.offline_now')} />}
      {appointment.status === 'booked' && (
        <Actions
          appointment={appointment}
          etag={query.data?.etag}
          path={path}
          mayAlter={mayAlterAppointments(user)}
          isPatient={isOwn}
        />
      )}
      {['cancelled', 'expired', 'noshow', 'fulfilled'].includes(appointment.status) && (
        <LinkButton to="/d/$id" params={{ id: String(appointment.doctor_id) }} variant="default">
          {t('appointment.book_again')}
        </LinkButton>
      )}
    </div>
  );
}

/** The confirmation as the server last gave it, shown because the server cannot be reached. */
function OfflinePass({ pass, onRetry }: { pass: Pass; onRetry: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { appointment, saved_at } = pass;
  const zone = appointment.time_zone;
  const when = `${longDayText(zone, saved_at, locale)}, ${timeText(zone, saved_at, locale)}`;
  return (
    <div className="narrow stack">
      <PageTitle title={t('appointment.title')}>{t('appointment.heading')}</PageTitle>
      <Notice
        kind="warn"
        role="status"
        title={t('appointment.pass_title')}
        actions={
          <Button variant="default" onClick={onRetry}>
            {t('state.retry')}
          </Button>
        }
      >
        <p>{t('appointment.pass_text', { when })}</p>
      </Notice>
      <Ticket appointment={appointment} />
    </div>
  );
}

interface ActionsProps {
  appointment: Appointment;
  etag?: string;
  path: string;
}

interface AllActionsProps extends ActionsProps {
  mayAlter: boolean;
  isPatient: boolean;
}

function Actions({ appointment, etag, path, mayAlter, isPatient }: AllActionsProps) {
  const { t } = useTranslation();
  const [moving, setMoving] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const [moved, setMoved] = useState(false);
  const saveCalendar = () => {
    const title = t('appointment.calendar_title', { doctor: appointment.doctor_name });
    const url = URL.createObjectURL(new Blob([calendarFile(appointment, title)], { type: 'text/calendar' }));
    const link = Object.assign(document.createElement('a'), {
      href: url,
      download: `appointment-${appointment.id}.ics`,
    });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="stack no-print">
      <p role="status" className={moved ? undefined : 'hidden'}>
        {moved ? t('appointment.moved') : ''}
      </p>
      <div className="row">
        <Button variant="default" onClick={() => window.print()}>
          {t('appointment.print')}
        </Button>
        <Button variant="default" onClick={saveCalendar}>
          {t('appointment.calendar')}
        </Button>
        {mayAlter && (
          <>
            <Button variant="default" aria-expanded={moving} onClick={() => setMoving(!moving)}>
              {t('appointment.reschedule')}
            </Button>
            <Button variant="subtle" color="danger" onClick={() => setCancelling(true)}>
              {t('appointment.cancel')}
            </Button>
          </>
        )}
      </div>
      {!mayAlter && <p className="muted">{t('appointment.desk_reads')}</p>}
      {moving && (
        <Reschedule
          appointment={appointment}
          etag={etag}
          path={path}
          onDone={() => {
            setMoving(false);
            setMoved(true);
          }}
        />
      )}
      <Cancel
        appointment={appointment}
        etag={etag}
        path={path}
        isPatient={isPatient}
        open={cancelling}
        onClose={() => setCancelling(false)}
      />
    </div>
  );
}

function useChange(path: string) {
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async (target: string, body: unknown, etag?: string) => {
    setPending(true);
    setError(undefined);
    try {
      await request<Appointment>('PUT', target, { body, ifMatch: etag });
      await client.invalidateQueries({ queryKey: watchedKey(path) });
      return true;
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 412)
        client.invalidateQueries({ queryKey: watchedKey(path) });
      setError(problem);
      return false;
    } finally {
      setPending(false);
    }
  };
  return { pending, error, send, clear: () => setError(undefined) };
}

function Reschedule({ appointment, etag, path, onDone }: ActionsProps & { onDone: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const doctor = useDoctor(appointment.doctor_id);
  const [choice, setChoice] = useState<SlotChoice>({
    count: appointment.slots ?? 1,
    hospitalId: appointment.hospital_id,
  });
  const [run, setRun] = useState<Slot[]>();
  const change = useChange(path);
  const at = run?.[0]?.starts_at;
  return (
    <section className="card stack" aria-labelledby="reschedule">
      <h2 id="reschedule">{t('appointment.reschedule_title')}</h2>
      <p className="muted">{t('appointment.reschedule_text')}</p>
      {doctor.isPending && <Loading />}
      {doctor.isError && <ErrorState error={doctor.error} onRetry={() => doctor.refetch()} />}
      {doctor.data && (
        <SlotPicker
          doctor={doctor.data}
          choice={choice}
          onChoice={(wish) => setChoice((old) => ({ ...old, ...wish }))}
          onRun={setRun}
          fixedHospital
          fixedCount
        />
      )}
      {change.error !== undefined && <BookingProblem error={change.error} onClose={change.clear} />}
      {at && (
        <Button
          loading={change.pending}
          onClick={async () => {
            if (await change.send(path, { starts_at: at }, etag)) onDone();
          }}
        >
          {t('appointment.reschedule_to', {
            when: `${longDayText(appointment.time_zone, at, locale)}, ${timeText(appointment.time_zone, at, locale)}`,
          })}
        </Button>
      )}
    </section>
  );
}

interface CancelProps extends ActionsProps {
  isPatient: boolean;
  open: boolean;
  onClose: () => void;
}

/** What becomes of the money, told before the press that decides it. */
function useRefundWords(appointment: Appointment, isPatient: boolean) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { refund_until: until, time_zone: zone } = appointment;
  if (!until) return t('appointment.refund_none');
  const price = moneyText(appointment.price, locale);
  if (!isPatient) return t('appointment.refund_staff', { price });
  const when = `${dayText(zone, until, locale)}, ${timeText(zone, until, locale)}`;
  return Date.now() <= Date.parse(until)
    ? t('appointment.refund_full', { price, when })
    : t('appointment.refund_late', { price, when });
}

function Cancel({ appointment, etag, path, isPatient, open, onClose }: CancelProps) {
  const { t } = useTranslation();
  const refund = useRefundWords(appointment, isPatient);
  const [reason, setReason] = useState('');
  const change = useChange(path);
  return (
    <Dialog open={open} title={t('appointment.cancel_title')} onClose={onClose}>
      <div className="stack">
        <p>{t('appointment.cancel_text')}</p>
        <p className={classes.refund}>{refund}</p>
        <Textarea
          label={t('appointment.cancel_reason_optional')}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        {change.error !== undefined && <ErrorState error={change.error} />}
        <div className="row">
          <Button
            color="danger"
            loading={change.pending}
            onClick={async () => {
              if (await change.send(`${path}/cancel`, { reason: reason.trim() || undefined }, etag)) onClose();
            }}
          >
            {t('appointment.cancel_yes')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('appointment.cancel_no')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
