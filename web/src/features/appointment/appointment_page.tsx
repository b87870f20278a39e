import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Problem, request } from '../../api/client';
import type { Appointment, Slot } from '../../api/types';
import { useWatched, watchedKey } from '../../api/watch';
import { useLocale, useTranslation } from '../../app/i18n';
import { longDayText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Textarea } from '../../ui/fields';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { BookingProblem } from '../booking/booking_problem';
import { useDoctor } from '../doctor/use_doctor';
import { type SlotChoice, SlotPicker } from '../slots/slot_picker';
import classes from './appointment.module.css';
import { calendarFile } from './calendar_file';
import { VisitFacts } from './visit_facts';

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
  if (!appointment)
    return (
      <div className="narrow stack">
        <PageTitle>{t('appointment.title')}</PageTitle>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading />}
      </div>
    );
  const payment = appointment.payment?.status ?? 'none';
  return (
    <div className="narrow stack">
      <PageTitle title={t('appointment.title')}>{t('appointment.heading')}</PageTitle>
      <Notice
        kind={noticeKinds[appointment.status]}
        role="status"
        title={appointment.outcome ?? t(`status.${appointment.status}`)}
      >
        <p>{t(`appointment.text_${appointment.status}`)}</p>
      </Notice>
      <div className="card stack">
        <VisitFacts appointment={appointment} />
        <dl className="facts">
          <dt>{t('appointment.payment')}</dt>
          <dd>{t(`payment.${payment}`)}</dd>
          <dt>{t('appointment.number')}</dt>
          <dd className={`${classes.number} numbers`}>{appointment.id}</dd>
          {appointment.cancel_reason && (
            <>
              <dt>{t('appointment.cancel_reason')}</dt>
              <dd>{appointment.cancel_reason}</dd>
            </>
          )}
        </dl>
      </div>
      {appointment.status === 'pending' && (
        <LinkButton to="/book/$id" params={{ id }}>
          {t('appointment.go_on')}
        </LinkButton>
      )}
      {appointment.status === 'booked' && <Actions appointment={appointment} etag={query.data?.etag} path={path} />}
      {['cancelled', 'expired', 'noshow', 'fulfilled'].includes(appointment.status) && (
        <LinkButton to="/d/$id" params={{ id: String(appointment.doctor_id) }} variant="default">
          {t('appointment.book_again')}
        </LinkButton>
      )}
    </div>
  );
}

interface ActionsProps {
  appointment: Appointment;
  etag?: string;
  path: string;
}

function Actions({ appointment, etag, path }: ActionsProps) {
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
        <Button variant="default" aria-expanded={moving} onClick={() => setMoving(!moving)}>
          {t('appointment.reschedule')}
        </Button>
        <Button variant="subtle" color="danger" onClick={() => setCancelling(true)}>
          {t('appointment.cancel')}
        </Button>
      </div>
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

function Cancel({ appointment, etag, path, open, onClose }: ActionsProps & { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const change = useChange(path);
  return (
    <Dialog open={open} title={t('appointment.cancel_title')} onClose={onClose}>
      <div className="stack">
        <p>
          {t(
            ['captured', 'settled'].includes(appointment.payment?.status ?? '')
              ? 'appointment.cancel_refund'
              : 'appointment.cancel_text',
          )}
        </p>
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
