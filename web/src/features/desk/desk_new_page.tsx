// The front desk logs a booking taken by phone: patient, doctor, time. The desk adds; it does not alter.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get, Intent } from '../../api/client';
import type { Appointment, Doctor, DoctorPage, Page, Patient, Slot, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { isStaff, useSession } from '../../app/session';
import { longDayText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { BookingProblem } from '../booking/booking_problem';
import { doctorName } from '../doctor/doctor_parts';
import { useDoctor } from '../doctor/use_doctor';
import { loginClean } from '../login/login_name';
import { clinicZone, type SlotChoice, SlotPicker } from '../slots/slot_picker';
import classes from './desk.module.css';

export function DeskNewPage() {
  const { t } = useTranslation();
  const { user, known } = useSession();
  return (
    <div className={`stack ${classes.page}`}>
      <PageTitle>{t('desk.title')}</PageTitle>
      {!known && <Loading />}
      {known && !user && (
        <EmptyState
          title={t('desk.sign_in')}
          actions={
            <LinkButton to="/login" search={{ next: '/desk/new' }}>
              {t('shell.sign_in')}
            </LinkButton>
          }
        />
      )}
      {user && !isStaff(user) && (
        <Notice
          kind="warn"
          title={t('desk.staff_only')}
          actions={<LinkButton to="/">{t('not_found.search')}</LinkButton>}
        />
      )}
      {user && isStaff(user) && <DeskBooking user={user} />}
    </div>
  );
}

function DeskBooking({ user }: { user: User }) {
  const { t } = useTranslation();
  const [patient, setPatient] = useState<Patient>();
  const [doctorId, setDoctorId] = useState<number>();
  const [booked, setBooked] = useState<Appointment>();
  if (booked)
    return (
      <Booked
        appointment={booked}
        patient={patient}
        onNext={() => {
          setBooked(undefined);
          setPatient(undefined);
          setDoctorId(undefined);
        }}
      />
    );
  return (
    <>
      <Section
        number={1}
        title={t('desk.patient')}
        chosen={patient && [patient.name, patient.phone].filter(Boolean).join(' · ')}
        onChange={() => setPatient(undefined)}
      >
        <PatientStep onChoose={setPatient} />
      </Section>
      {patient && <DoctorSection user={user} doctorId={doctorId} onChoose={setDoctorId} />}
      {patient && doctorId && (
        <TimeStep key={doctorId} user={user} patient={patient} doctorId={doctorId} onBooked={setBooked} />
      )}
    </>
  );
}

interface SectionProps {
  number: number;
  title: string;
  chosen?: string;
  onChange: () => void;
  children: React.ReactNode;
}

function Section({ number, title, chosen, onChange, children }: SectionProps) {
  const { t } = useTranslation();
  return (
    <section className="card stack" aria-labelledby={`step-${number}`}>
      <div className={classes.head}>
        <h2 id={`step-${number}`}>
          <span className="muted">{number}.</span> {title}
        </h2>
        {chosen && (
          <div className="row">
            <strong>{chosen}</strong>
            <Button variant="subtle" onClick={onChange}>
              {t('login.change')}
            </Button>
          </div>
        )}
      </div>
      {!chosen && children}
    </section>
  );
}

/** One box for phone or name: who is known is offered, who is not is added with what was typed. */
function PatientStep({ onChoose }: { onChoose: (patient: Patient) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const byPhone = /^\+?[\d\s().-]+$/.test(asked);
  const query = useQuery({
    queryKey: ['patients', asked],
    queryFn: ({ signal }) =>
      get<Page<Patient>>(
        '/api/patients',
        byPhone ? { phone: loginClean(asked), limit: 10 } : { name: asked, limit: 10 },
        signal,
      ),
    enabled: asked.length > 0,
    staleTime: 0,
  });
  return (
    <>
      <form
        className={classes.find}
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(typed.trim());
        }}
      >
        <TextInput
          label={t('desk.find_patient')}
          autoComplete="off"
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
        />
        <Button type="submit" loading={query.isFetching}>
          {t('desk.find')}
        </Button>
      </form>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && (
        <>
          <p role="status" className="muted">
            {t('desk.patients_found', { count: query.data.items.length })}
          </p>
          <ul className={classes.list}>
            {query.data.items.map((p) => (
              <li key={p.id}>
                <button type="button" className={classes.pick} onClick={() => onChoose(p)}>
                  <strong>{p.name}</strong>{' '}
                  <span className="muted">{[p.phone, p.email, p.birth_on].filter(Boolean).join(' · ')}</span>
                </button>
              </li>
            ))}
          </ul>
          <AddPatient key={asked} name={byPhone ? '' : asked} phone={byPhone ? asked : ''} onAdded={onChoose} />
        </>
      )}
    </>
  );
}

function AddPatient({
  name: nameTyped,
  phone: phoneTyped,
  onAdded,
}: {
  name: string;
  phone: string;
  onAdded: (patient: Patient) => void;
}) {
  const { t } = useTranslation();
  const intent = useRef(new Intent());
  const [name, setName] = useState(nameTyped);
  const [phone, setPhone] = useState(phoneTyped);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  return (
    <form
      className={classes.add}
      aria-label={t('desk.add')}
      onSubmit={async (event) => {
        event.preventDefault();
        setPending(true);
        setError(undefined);
        try {
          onAdded(
            await intent.current.post<Patient>('/api/patients', {
              name: name.trim(),
              phone: loginClean(phone) || undefined,
            }),
          );
        } catch (problem) {
          setError(problem);
          setPending(false);
        }
      }}
    >
      <TextInput
        label={t('desk.name')}
        required
        autoComplete="off"
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <TextInput
        label={t('desk.phone')}
        type="tel"
        autoComplete="off"
        value={phone}
        onChange={(e) => setPhone(e.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={pending}>
        {t('desk.add')}
      </Button>
      {error !== undefined && <ErrorState error={error} />}
    </form>
  );
}

function DoctorSection({
  user,
  doctorId,
  onChoose,
}: {
  user: User;
  doctorId?: number;
  onChoose: (id: number | undefined) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [keyword, setKeyword] = useState('');
  const chosen = useDoctor(doctorId).data;
  const query = useQuery({
    queryKey: ['desk', 'doctors', user.hospital_id, keyword],
    queryFn: ({ signal }) =>
      get<DoctorPage>('/api/doctors', { hospital_id: user.hospital_id, keyword, limit: 10 }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Section
      number={2}
      title={t('desk.doctor')}
      chosen={doctorId ? (chosen ? doctorName(chosen) : String(doctorId)) : undefined}
      onChange={() => onChoose(undefined)}
    >
      <form
        className={classes.find}
        onSubmit={(event) => {
          event.preventDefault();
          setKeyword(typed.trim());
        }}
      >
        <TextInput
          label={t('desk.find_doctor')}
          autoComplete="off"
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
        />
        <Button type="submit" loading={query.isFetching}>
          {t('desk.find')}
        </Button>
      </form>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.items.length === 0 && <EmptyState title={t('search.empty')} />}
      <ul className={classes.list}>
        {query.data?.items.map((d) => (
          <DoctorPick key={d.id} doctor={d} onChoose={() => onChoose(d.id)} />
        ))}
      </ul>
    </Section>
  );
}

function DoctorPick({ doctor, onChoose }: { doctor: Doctor; onChoose: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = clinicZone(doctor);
  const first = doctor.first_free_at;
  return (
    <li>
      <button type="button" className={classes.pick} onClick={onChoose}>
        <strong>{doctorName(doctor)}</strong>{' '}
        <span className="muted">
          {doctor.speciality.name} ·{' '}
          {first
            ? t('desk.first_free', { when: `${longDayText(zone, first, locale)}, ${timeText(zone, first, locale)}` })
            : t('search.no_times')}
        </span>
      </button>
    </li>
  );
}

interface TimeStepProps {
  user: User;
  patient: Patient;
  doctorId: number;
  onBooked: (appointment: Appointment) => void;
}

function TimeStep({ user, patient, doctorId, onBooked }: TimeStepProps) {
  const { t } = useTranslation();
  const doctor = useDoctor(doctorId);
  const intent = useRef(new Intent());
  const own = doctor.data?.practices.some((p) => p.hospital_id === user.hospital_id) ? user.hospital_id : undefined;
  const [choice, setChoice] = useState<SlotChoice>({ count: 1 });
  const [run, setRun] = useState<Slot[]>();
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const first = run?.[0];
  const book = async () => {
    setPending(true);
    setError(undefined);
    try {
      const body = {
        doctor_id: doctorId,
        hospital_id: first?.hospital_id,
        starts_at: first?.starts_at,
        slots: run?.length,
        patient_id: patient.id,
        reason: reason.trim() || undefined,
      };
      onBooked(await intent.current.post<Appointment>('/api/appointments', body));
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <section className="card stack" aria-labelledby="step-3">
      <h2 id="step-3">
        <span className="muted">3.</span> {t('desk.time')}
      </h2>
      {doctor.isPending && <Loading />}
      {doctor.isError && <ErrorState error={doctor.error} onRetry={() => doctor.refetch()} />}
      {doctor.data && (
        <SlotPicker
          doctor={doctor.data}
          choice={{ ...choice, hospitalId: choice.hospitalId ?? own }}
          onChoice={(wish) => {
            setError(undefined);
            setChoice((old) => ({ ...old, ...wish }));
          }}
          onRun={setRun}
          fixedHospital={own !== undefined}
        />
      )}
      <TextInput
        label={t('doctor.reason')}
        maxLength={500}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      {error !== undefined && <BookingProblem error={error} onClose={() => setError(undefined)} />}
      <Button disabled={!run} loading={pending} onClick={book}>
        {t('desk.book', { name: patient.name })}
      </Button>
    </section>
  );
}

function Booked({ appointment, patient, onNext }: { appointment: Appointment; patient?: Patient; onNext: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = appointment.time_zone;
  const when = `${longDayText(zone, appointment.starts_at, locale)}, ${timeText(zone, appointment.starts_at, locale)}`;
  return (
    <Notice
      kind={appointment.status === 'booked' ? 'ok' : 'hold'}
      role="alert"
      title={appointment.outcome ?? t(`status.${appointment.status}`)}
      actions={
        <>
          <Button onClick={onNext}>{t('desk.next')}</Button>
          <LinkButton to="/a/$id" params={{ id: String(appointment.id) }} variant="default">
            {t('desk.open')}
          </LinkButton>
        </>
      }
    >
      <p>
        {t('desk.booked', {
          name: patient?.name ?? appointment.patient_name,
          doctor: appointment.doctor_name,
          when,
          id: appointment.id,
        })}
      </p>
    </Notice>
  );
}
