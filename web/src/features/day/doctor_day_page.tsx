// The doctor's own day.
import { getRouteApi } from '@tanstack/react-router';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateIn, dateText } from '../../app/time';
import { Button } from '../../ui/button';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { useOwnProfile } from '../doctor/use_doctor';
import { RunningLate } from '../reception/running_late';
import { clinicZone } from '../slots/slot_picker';
import classes from './day.module.css';
import { DayView } from './day_view';

const route = getRouteApi('/doc/today');

export function DoctorDayPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={['doctor']} title={t('day.title')}>
      {(user) => <DoctorDay doctorId={user.doctor_id} />}
    </Guard>
  );
}

function DoctorDay({ doctorId }: { doctorId?: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = route.useNavigate();
  const { on } = route.useSearch();
  const profile = useOwnProfile();
  if (!profile.data)
    return (
      <div className="narrow stack">
        <PageTitle>{t('day.title')}</PageTitle>
        {profile.isError ? <ErrorState error={profile.error} onRetry={() => profile.refetch()} /> : <Loading />}
      </div>
    );
  const zone = clinicZone(profile.data);
  const today = dateIn(zone, Date.now());
  const day = on ?? today;
  const long = dateText(day, locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <div>
          <PageTitle title={t('day.title')}>{day === today ? t('day.today_title', { day: long }) : long}</PageTitle>
          <p className="muted">{t('day.of', { name: profile.data.name })}</p>
        </div>
        <div className="row no-print">
          {day !== today && (
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              {t('day.to_today')}
            </Button>
          )}
          <Button variant="default" onClick={() => window.print()}>
            {t('day.print')}
          </Button>
          <LinkButton to="/doc/referrals" search={{ direction: 'received' }} variant="default">
            {t('day.referrals')}
          </LinkButton>
          <LinkButton to="/doc/patients" variant="default">
            {t('day.patients')}
          </LinkButton>
          <LinkButton to="/doc/schedule" variant="default">
            {t('schedule.own_title')}
          </LinkButton>
        </div>
      </div>
      {day === today && <RunningLate doctor={profile.data} />}
      <DayView
        source={{ own: true, doctorId }}
        zone={zone}
        day={day}
        onDay={(d) => navigate({ search: { on: d === today ? undefined : d }, resetScroll: false })}
        mayAlter
      />
    </div>
  );
}
