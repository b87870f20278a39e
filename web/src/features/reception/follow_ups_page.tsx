// Whom the hospital's doctors want to see again: who, when and by which phone, nothing of why. For who asks them to come.
import { getRouteApi, Link } from '@tanstack/react-router';
import type { FollowUpDue, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { staffRoles } from '../../app/session';
import { dateIn, dateText, zoneHere } from '../../app/time';
import { Guard } from '../../ui/guard';
import { PageTitle } from '../../ui/page';
import adminClasses from '../admin/admin.module.css';
import { HospitalSelect } from '../admin/hospital_select';
import { MoreList } from '../admin/more_list';
import classes from './reception.module.css';

const route = getRouteApi('/desk/follow-ups');

export function FollowUpsPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={staffRoles} title={t('follow_ups.title')}>
      {(user) => <FollowUps user={user} />}
    </Guard>
  );
}

function FollowUps({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { h } = route.useSearch();
  const isFree = user.hospital_id === undefined;
  return (
    <div className={`stack ${classes.follow}`}>
      <PageTitle>{t('follow_ups.title')}</PageTitle>
      <p className="muted">{t('follow_ups.text')}</p>
      {isFree && <HospitalSelect value={h} onChange={(id) => navigate({ search: { h: id }, replace: true })} />}
      <MoreList<FollowUpDue>
        name="follow-ups"
        path="/api/follow-ups"
        query={{ hospital_id: isFree ? h : undefined, limit: 30 }}
        enabled={!isFree || h !== undefined}
        empty={t('follow_ups.none')}
        emptyHint={t('follow_ups.none_hint')}
        keyOf={(one) => one.appointment_id}
      >
        {(one) => <FollowUpLine due={one} />}
      </MoreList>
    </div>
  );
}

function FollowUpLine({ due }: { due: FollowUpDue }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const on = dateText(due.on, locale, { weekday: 'short', day: 'numeric', month: 'short' });
  const isLate = !due.is_booked && due.on < dateIn(zoneHere(), new Date().toISOString());
  return (
    <>
      <div>
        <strong dir="auto">{due.patient_name}</strong>
        <div className="muted">{t('follow_ups.with', { doctor: due.doctor_name, on })}</div>
        {due.patient_phone && (
          <a href={`tel:${due.patient_phone}`} className={classes.phone} dir="ltr">
            {due.patient_phone}
          </a>
        )}
      </div>
      <div>
        <span className={adminClasses.status} data-status={due.is_booked ? 'active' : 'pending'}>
          {t(due.is_booked ? 'follow_ups.booked' : isLate ? 'follow_ups.overdue' : 'follow_ups.open')}
        </span>
        {!due.is_booked && (
          <div>
            <Link to="/desk/new" search={{ p: due.patient_id }} className={classes.phone}>
              {t('follow_ups.book')}
              <span className="hidden">: {due.patient_name}</span>
            </Link>
          </div>
        )}
      </div>
    </>
  );
}
