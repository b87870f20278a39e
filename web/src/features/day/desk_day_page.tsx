// A hospital's day over all its doctors, for the front desk and the administrators.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { get } from '../../api/client';
import type { Appointment, DoctorPage, Hospital, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { mayAlterAppointments, staffRoles } from '../../app/session';
import { dateIn, dateText } from '../../app/time';
import { Button } from '../../ui/button';
import { Select } from '../../ui/fields';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { HospitalSelect } from '../admin/hospital_select';
import { doctorName } from '../doctor/doctor_parts';
import { useHospital } from '../hospital/use_hospital';
import classes from './day.module.css';
import { DayView } from './day_view';

const route = getRouteApi('/desk/day');

export function DeskDayPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={staffRoles} title={t('day.hospital_title')}>
      {(user) => <DeskDay user={user} />}
    </Guard>
  );
}

function DeskDay({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const hospitalId = user.hospital_id ?? search.h;
  const hospital = useHospital(hospitalId);
  return (
    <div className={`stack ${classes.page}`}>
      {!hospital.data && <PageTitle>{t('day.hospital_title')}</PageTitle>}
      {user.hospital_id === undefined && (
        <HospitalSelect
          value={search.h}
          onChange={(h) => navigate({ search: (old) => ({ ...old, h, doctor: undefined }) })}
        />
      )}
      {hospitalId !== undefined && hospital.isPending && <Loading />}
      {hospital.isError && <ErrorState error={hospital.error} onRetry={() => hospital.refetch()} />}
      {hospital.data && <OfHospital user={user} hospital={hospital.data} />}
    </div>
  );
}

function OfHospital({ user, hospital }: { user: User; hospital: Hospital }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const zone = hospital.time_zone;
  const today = dateIn(zone, Date.now());
  const day = search.on ?? today;
  const long = dateText(day, locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const doctors = useQuery({
    queryKey: ['directory', 'hospital', hospital.id, 'doctors'],
    queryFn: ({ signal }) =>
      get<DoctorPage>('/api/doctors', { hospital_id: hospital.id, sort: 'name', limit: 30 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const only = useCallback((a: Appointment) => !search.doctor || a.doctor_id === search.doctor, [search.doctor]);
  return (
    <>
      <div className={classes.head}>
        <div>
          <PageTitle title={t('day.hospital_title')}>
            {day === today ? t('day.today_title', { day: long }) : long}
          </PageTitle>
          <p className="muted">{hospital.name}</p>
        </div>
        <div className="row no-print">
          {day !== today && (
            <Button variant="default" onClick={() => navigate({ search: (old) => ({ ...old, on: undefined }) })}>
              {t('day.to_today')}
            </Button>
          )}
          <LinkButton to="/desk/new">{t('desk.title')}</LinkButton>
        </div>
      </div>
      <div className={classes.filters}>
        <Select
          label={t('day.doctor')}
          value={search.doctor ?? ''}
          onChange={(e) => {
            const doctor = Number(e.currentTarget.value) || undefined;
            navigate({ search: (old) => ({ ...old, doctor }), resetScroll: false });
          }}
        >
          <option value="">{t('day.all_doctors')}</option>
          {doctors.data?.items.map((d) => (
            <option key={d.id} value={d.id}>
              {doctorName(d)}
            </option>
          ))}
        </Select>
      </div>
      {!mayAlterAppointments(user) && (
        <Notice kind="info">
          <p>{t('day.desk_reads')}</p>
        </Notice>
      )}
      <DayView
        source={{ hospitalId: hospital.id }}
        zone={zone}
        day={day}
        onDay={(d) => navigate({ search: (old) => ({ ...old, on: d === today ? undefined : d }), resetScroll: false })}
        mayAlter={mayAlterAppointments(user)}
        showDoctor={!search.doctor}
        only={only}
      />
    </>
  );
}
