import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { DoctorProfile, Slot } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { addDays, dateText, longDayText, moneyText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { Textarea } from '../../ui/fields';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { ForWhom, useFamily } from '../account/for_whom';
import { BookingProblem } from '../booking/booking_problem';
import { useBooking, useWishAfterSignIn } from '../booking/use_booking';
import { DoctorReviews } from '../reviews/doctor_reviews';
import { clinicZone, type Offered, SlotPicker } from '../slots/slot_picker';
import classes from './doctor.module.css';
import { DoctorAvatar, doctorName, Rating } from './doctor_parts';
import { useDoctor } from './use_doctor';

const route = getRouteApi('/d/$id');

export function DoctorPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const query = useDoctor(id);
  if (query.isPending)
    return (
      <>
        <PageTitle hidden>{t('doctor.title')}</PageTitle>
        <Loading lines={8} height={48} />
      </>
    );
  if (query.isError)
    return (
      <div className="narrow stack">
        <PageTitle>{t('doctor.title')}</PageTitle>
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      </div>
    );
  return (
    <div className={classes.columns}>
      <Profile doctor={query.data} />
      <Booking key={id} doctor={query.data} />
      <DoctorReviews doctor={query.data} className={classes.reviews} />
    </div>
  );
}

function Profile({ doctor }: { doctor: DoctorProfile }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <section className={classes.profile}>
      <div className={classes.who}>
        <DoctorAvatar doctor={doctor} size={80} />
        <div>
          <PageTitle>{doctorName(doctor)}</PageTitle>
          <p className={classes.speciality}>{doctor.speciality.name}</p>
        </div>
      </div>
      <p className={classes.line}>
        <a href="#reviews">
          <Rating rating={doctor.rating} reviews={doctor.reviews} />
        </a>
      </p>
      {doctor.bio && <p className={classes.bio}>{doctor.bio}</p>}
      <dl className="facts">
        {doctor.qualification && (
          <>
            <dt>{t('doctor.qualification')}</dt>
            <dd>{doctor.qualification}</dd>
          </>
        )}
        {doctor.experience_years ? (
          <>
            <dt>{t('doctor.experience')}</dt>
            <dd>{t('doctor.experience_years', { count: doctor.experience_years })}</dd>
          </>
        ) : null}
        <dt>{t('doctor.languages')}</dt>
        <dd>{doctor.languages.join(', ')}</dd>
        {doctor.telephone && (
          <>
            <dt>{t('doctor.telephone')}</dt>
            <dd>
              <a href={`tel:${doctor.telephone.replace(/\s/g, '')}`}>{doctor.telephone}</a>
            </dd>
          </>
        )}
      </dl>
      <h2 className={classes.practicesTitle}>{t('doctor.practices')}</h2>
      <ul className={classes.practices}>
        {doctor.practices.map((p) => (
          <li key={p.hospital_id}>
            <span>
              <strong>{p.hospital_name}</strong>
              <br />
              <span className="muted">{p.city_name}</span>
            </span>
            <span className="numbers">
              <span className="hidden">{t('doctor.fee')} </span>
              {moneyText(p.fee, locale)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Booking({ doctor }: { doctor: DoctorProfile }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const params = route.useSearch();
  const navigate = route.useNavigate();
  const booking = useBooking();
  useWishAfterSignIn(doctor.id, booking);
  const [run, setRun] = useState<Slot[]>();
  const [offered, setOffered] = useState<Offered>();
  const [reason, setReason] = useState('');
  const family = useFamily();
  const [patient, setPatient] = useState<number>();
  const count = params.n ?? 1;
  const zone = clinicZone(doctor, params.h);
  const waitFor = useCallback(
    (from: string, to: string) =>
      booking.wait({
        doctor_id: doctor.id,
        hospital_id: params.h,
        from,
        to,
        slots: count,
        patient_id: patient,
      }),
    [booking.wait, doctor.id, params.h, count, patient],
  );
  const pickAnother = () => {
    booking.clear();
    navigate({ search: (old) => ({ ...old, at: undefined }), replace: true, resetScroll: false });
    client.invalidateQueries({ queryKey: ['slots', doctor.id] });
  };
  return (
    <section className={`card ${classes.booking}`} aria-labelledby="choose-time">
      <h2 id="choose-time">{t('doctor.choose')}</h2>
      <SlotPicker
        doctor={doctor}
        choice={{ day: params.on, hospitalId: params.h, count, at: params.at }}
        onChoice={(change) => {
          booking.clear();
          navigate({
            search: (old) => ({
              on: 'day' in change ? change.day : (old.on ?? offered?.day),
              at: 'at' in change ? change.at : old.at,
              h: 'hospitalId' in change ? change.hospitalId : old.h,
              n: 'count' in change ? (change.count === 1 ? undefined : change.count) : old.n,
            }),
            replace: true,
            resetScroll: false,
          });
        }}
        onRun={setRun}
        onOffered={setOffered}
      />
      <ForWhom family={family} value={patient} onChange={setPatient} />
      {booking.error !== undefined && (
        <BookingProblem
          error={booking.error}
          waiting={booking.pending === 'wait'}
          onWait={offered && (() => waitFor(offered.day, offered.day))}
          onClose={pickAnother}
        />
      )}
      {booking.error === undefined && !run && offered && (
        <LinePanel offered={offered} pending={booking.pending === 'wait'} onWait={waitFor} />
      )}
      {run && (
        <Chosen
          doctor={doctor}
          run={run}
          zone={zone}
          reason={reason}
          onReason={setReason}
          pending={booking.pending === 'hold'}
          onHold={() =>
            booking.hold({
              doctor_id: doctor.id,
              hospital_id: run[0]?.hospital_id,
              starts_at: run[0]?.starts_at ?? '',
              slots: run.length,
              reason: reason.trim() || undefined,
              patient_id: patient,
            })
          }
        />
      )}
    </section>
  );
}

interface ChosenProps {
  doctor: DoctorProfile;
  run: Slot[];
  zone: string;
  reason: string;
  onReason: (reason: string) => void;
  pending: boolean;
  onHold: () => void;
}

function Chosen({ doctor, run, zone, reason, onReason, pending, onHold }: ChosenProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [first, last] = [run[0], run.at(-1)];
  const practice = doctor.practices.find((p) => p.hospital_id === first?.hospital_id);
  if (!first || !last) return null;
  return (
    <div className={classes.chosen}>
      <Textarea
        label={t('doctor.reason')}
        description={t('doctor.reason_hint')}
        rows={2}
        maxLength={500}
        value={reason}
        onChange={(e) => onReason(e.currentTarget.value)}
      />
      <div className={classes.action}>
        <p className={classes.summary} role="status">
          <strong className="numbers">
            {longDayText(zone, first.starts_at, locale)}, {timeText(zone, first.starts_at, locale)}–
            {timeText(zone, last.ends_at, locale)}
          </strong>
          <br />
          {practice && (
            <span className="muted">
              {practice.hospital_name} · {moneyText(practice.fee, locale)}
              {run.length > 1 && ` · ${t('doctor.price_next')}`}
            </span>
          )}
        </p>
        <Button onClick={onHold} loading={pending}>
          {t('doctor.hold')}
        </Button>
      </div>
    </div>
  );
}

interface LinePanelProps {
  offered: Offered;
  pending: boolean;
  onWait: (from: string, to: string) => void;
}

/** A held time is not a dead end: where nothing is free but something is on hold, the patient may stand in line. */
function LinePanel({ offered, pending, onWait }: LinePanelProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { day, lastDay, offer } = offered;
  if (!offer || offer.all === 0) return null;
  if (offer.free > 0)
    return <p className="muted">{t(offer.held ? 'doctor.choose_hint_held' : 'doctor.choose_hint')}</p>;
  if (offer.held === 0) return <Notice kind="info" title={t('doctor.day_full')} role="status" />;
  const week = addDays(day, 6) < lastDay ? addDays(day, 6) : lastDay;
  return (
    <Notice
      kind="hold"
      role="status"
      title={t('doctor.line_title', { count: offer.held })}
      actions={
        <>
          <Button loading={pending} onClick={() => onWait(day, day)}>
            {t('doctor.line_day', { day: dateText(day, locale) })}
          </Button>
          {week > day && (
            <Button variant="default" disabled={pending} onClick={() => onWait(day, week)}>
              {t('doctor.line_span', { from: dateText(day, locale), to: dateText(week, locale) })}
            </Button>
          )}
        </>
      }
    >
      <p>{t('doctor.line_text')}</p>
    </Notice>
  );
}
