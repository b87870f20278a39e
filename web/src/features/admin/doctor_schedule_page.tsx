// The hours of a doctor, for the administrator.
import { getRouteApi } from '@tanstack/react-router';
import type { User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { scheduleRoles } from '../../app/session';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { doctorName } from '../doctor/doctor_parts';
import { useDoctor } from '../doctor/use_doctor';
import { ScheduleEditor } from '../schedule/schedule_editor';
import classes from './admin.module.css';

const route = getRouteApi('/admin/doctors/$id/schedule');

export function DoctorSchedulePage() {
  const { t } = useTranslation();
  return (
    <Guard roles={scheduleRoles} title={t('admin.schedule')}>
      {(user) => <DoctorSchedule user={user} />}
    </Guard>
  );
}

function DoctorSchedule({ user }: { user: User }) {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const doctor = useDoctor(id);
  const title = doctor.data ? t('admin.schedule_of', { name: doctorName(doctor.data) }) : t('admin.schedule');
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <PageTitle>{title}</PageTitle>
        {user.role !== 'ward_admin' && (
          <LinkButton to="/admin/doctors/$id" params={{ id }} variant="default">
            {t('admin.entry')}
          </LinkButton>
        )}
      </div>
      {doctor.isPending && <Loading lines={6} height={48} />}
      {doctor.isError && <ErrorState error={doctor.error} onRetry={() => doctor.refetch()} />}
      {doctor.data && <ScheduleEditor key={id} doctor={doctor.data} ownHospitalId={user.hospital_id} />}
    </div>
  );
}
