// The front desk logs a booking taken by phone: patient, doctor, time. The desk adds; it does not alter.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { get, Intent } from '../../api/client';
import type { Appointment, Doctor, DoctorPage, DoctorProfile, Page, Patient, Slot, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { staffRoles } from '../../app/session';
import { dateIn, longDayText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { FindForm } from '../../ui/find_form';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { useOutcomeWords } from '../../ui/outcome';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { BookingProblem } from '../booking/booking_problem';
import { doctorName } from '../doctor/doctor_parts';
import { useDoctor } from '../doctor/use_doctor';
import { loginClean } from '../login/login_name';
import { clinicZone, type SlotChoice, SlotPicker } from '../slots/slot_picker';
import classes from './desk.module.css';
import { PickList } from './pick_list';

const route = getRouteApi('/desk/new');

export function DeskNewPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={staffRoles} title={t('desk.title')}>
      {(user) => (
        <div className={`stack ${classes.page}`}>
          <PageTitle>{t('desk.title')}</PageTitle>
          <DeskBooking user={user} />
        </div>
      )}
    </Guard>
  );
}

function DeskBooking({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { p } = route.useSearch();
  const [patient, setPatient] = useState<Patient>();
  const [doctorId, setDoctorId] = useState<number>();
  const [booked, setBooked] = useState<Appointment>();
  // Who comes from the palette has chosen the patient already.
  const wanted = useQuery({
    queryKey: ['patient', p],
    queryFn: ({ signal }) => get<Patient>(`/api/patients/${p}`, undefined, signal),
    enabled: p !== undefined,
  });
  useEffect(() => {
    if (wanted.data) setPatient(wanted.data);
  }, [wanted.data]);
  const again = useCallback(() => {
    setBooked(undefined);
    setPatient(undefined);
    setDoctorId(undefined);
    navigate({ search: {}, replace: true });
  }, [navigate]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyN') return;
      event.preventDefault();
      again();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [again]);
  if (booked) return <Booked appointment={booked} patient={patient} onNext={again} />;
  return (
    <>
      <p className={`muted ${classes.keys}`}>{t('desk.keys')}</p>
      {wanted.isError && !patient && <ErrorState error={wanted.error} onRetry={() => wanted.refetch()} />}
      <Section
        number={1}
        title={t('desk.patient')}
        chosen={patient && [patient.name, patient.phone].filter(Boolean).join(' · ')}
        onChange={() => setPatient(undefined)}
        more={
          patient && (
            <LinkButton to="/desk/patients/$id" params={{ id: String(patient.id) }} variant="subtle">
              {t('registry.entry')}
            </LinkButton>
          )
        }
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

/** The step that has just opened begins at its field. */
function useFirstFocus<T extends HTMLElement>() {
  const place = useRef<T>(null);
  useEffect(() => place.current?.focus({ preventScroll: true }), []);
  return place;
}

interface SectionProps {
  number: number;
  title: string;
  chosen?: string;
  onChange: () => void;
  /** What else can be done with what was chosen. */
  more?: React.ReactNode;
  children: React.ReactNode;
}

function Section({ number, title, chosen, onChange, more, children }: SectionProps) {
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
            {more}
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
  const [asked, setAsked] = useState('');
  const field = useFirstFocus<HTMLInputElement>();
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
      <FindForm
        ref={field}
        className={classes.find}
        label={t('desk.find_patient')}
        main
        loading={query.isFetching}
        onFind={setAsked}
      />
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && (
        <>
          <p role="status" className="muted">
            {t('desk.patients_found', { count: query.data.items.length })}
          </p>
          <PickList items={query.data.items} keyOf={(p) => p.id} onPick={onChoose} focusOn={asked}>
            {(p) => (
              <>
                <strong>{p.name}</strong>{' '}
                <span className="muted">{[p.phone, p.email, p.birth_on].filter(Boolean).join(' · ')}</span>
              </>
            )}
          </PickList>
          <AddPatient
            key={asked}
            name={byPhone ? '' : asked}
            phone={byPhone ? asked : ''}
            takeFocus={query.data.items.length === 0}
            onAdded={onChoose}
          />
        </>
      )}
    </>
  );
}

function AddPatient({
  name: nameTyped,
  phone: phoneTyped,
  takeFocus,
  onAdded,
}: {
  name: string;
  phone: string;
  takeFocus: boolean;
  onAdded: (patient: Patient) => void;
}) {
  const { t } = useTranslation();
  const intent = useRef(new Intent());
  const [name, setName] = useState(nameTyped);
  const [phone, setPhone] = useState(phoneTyped);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useRef<HTMLFormElement>(null);
  // Nobody was found: what is still missing is asked for at once.
  useEffect(() => {
    if (!takeFocus) return;
    const missing = form.current?.querySelector<HTMLInputElement>(nameTyped ? 'input[type="tel"]' : 'input');
    missing?.focus();
  }, [takeFocus, nameTyped]);
  return (
    <form
      ref={form}
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
  const [keyword, setKeyword] = useState('');
  const field = useFirstFocus<HTMLInputElement>();
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
      <FindForm
        ref={field}
        className={classes.find}
        label={t('desk.find_doctor')}
        main
        loading={query.isFetching}
        onFind={setKeyword}
      />
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.items.length === 0 && <EmptyState title={t('search.empty')} />}
      <PickList
        items={query.data?.items ?? []}
        keyOf={(d) => d.id}
        onPick={(d) => onChoose(d.id)}
        focusOn={query.isPlaceholderData ? undefined : keyword}
      >
        {(d) => <DoctorLine doctor={d} />}
      </PickList>
    </Section>
  );
}

function DoctorLine({ doctor }: { doctor: Doctor }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = clinicZone(doctor);
  const first = doctor.first_free_at;
  return (
    <>
      <strong>{doctorName(doctor)}</strong>{' '}
      <span className="muted">
        {doctor.speciality.name} ·{' '}
        {first
          ? t('desk.first_free', { when: `${longDayText(zone, first, locale)}, ${timeText(zone, first, locale)}` })
          : t('search.no_times')}
      </span>
    </>
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
  const bookButton = useRef<HTMLButtonElement>(null);
  const fast = useRef(false);
  useEffect(() => {
    if (run && fast.current) bookButton.current?.focus();
    fast.current = false;
  }, [run]);
  const takeFirst = (at: string, zone: string) => {
    fast.current = true;
    setError(undefined);
    setChoice((old) => ({ ...old, day: dateIn(zone, at), at }));
  };
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
      {doctor.data && !run && <FirstFree doctor={doctor.data} onTake={takeFirst} />}
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
      <Button ref={bookButton} disabled={!run} loading={pending} onClick={book}>
        {t('desk.book', { name: patient.name })}
      </Button>
    </section>
  );
}

/** The commonest wish on the telephone, one press. */
function FirstFree({ doctor, onTake }: { doctor: DoctorProfile; onTake: (at: string, zone: string) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const button = useFirstFocus<HTMLButtonElement>();
  const zone = clinicZone(doctor);
  const at = doctor.first_free_at;
  if (!at || doctor.practices.length !== 1) return null;
  return (
    <div>
      <Button ref={button} variant="default" onClick={() => onTake(at, zone)}>
        {t('desk.first_of', { when: `${longDayText(zone, at, locale)}, ${timeText(zone, at, locale)}` })}
      </Button>
    </div>
  );
}

function Booked({ appointment, patient, onNext }: { appointment: Appointment; patient?: Patient; onNext: () => void }) {
  const { t } = useTranslation();
  const outcomeWords = useOutcomeWords();
  const locale = useLocale();
  const button = useFirstFocus<HTMLButtonElement>();
  const zone = appointment.time_zone;
  const when = `${longDayText(zone, appointment.starts_at, locale)}, ${timeText(zone, appointment.starts_at, locale)}`;
  return (
    <Notice
      kind={appointment.status === 'booked' ? 'ok' : 'hold'}
      role="alert"
      title={outcomeWords(appointment.outcome) ?? t(`status.${appointment.status}`)}
      actions={
        <>
          <Button ref={button} onClick={onNext}>
            {t('desk.next')}
          </Button>
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
