// The doctor's own hours.
import { useTranslation } from '../../app/i18n';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { useOwnProfile } from '../doctor/use_doctor';
import classes from './schedule.module.css';
import { ScheduleEditor } from './schedule_editor';

export function OwnSchedulePage() {
  const { t } = useTranslation();
  return (
    <Guard roles={['doctor']} title={t('schedule.own_title')}>
      {() => <OwnSchedule />}
    </Guard>
  );
}

function OwnSchedule() {
  const { t } = useTranslation();
  const profile = useOwnProfile();
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <PageTitle>{t('schedule.own_title')}</PageTitle>
        <LinkButton to="/doc/today" variant="default">
          {t('day.title')}
        </LinkButton>
      </div>
      {profile.isPending && <Loading lines={6} height={48} />}
      {profile.isError && <ErrorState error={profile.error} onRetry={() => profile.refetch()} />}
      {profile.data && <ScheduleEditor doctor={profile.data} isOwn />}
    </div>
  );
}
