// Referrals of a doctor: those one has sent, and those sent to one.
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Referral } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateIn, dateText, zoneHere } from '../../app/time';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import adminClasses from '../admin/admin.module.css';
import { MoreList } from '../admin/more_list';
import classes from './patients.module.css';

const route = getRouteApi('/doc/referrals');
export const directions = ['sent', 'received'] as const;

export function ReferralsPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={['doctor']} title={t('referrals.title')}>
      {() => <Referrals />}
    </Guard>
  );
}

function Referrals() {
  const { t } = useTranslation();
  const { direction = 'sent' } = route.useSearch();
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <PageTitle>{t('referrals.title')}</PageTitle>
        <LinkButton to="/doc/patients" variant="default">
          {t('patients.title')}
        </LinkButton>
      </div>
      <nav className={adminClasses.tabs} aria-label={t('referrals.which')}>
        {directions.map((one) => (
          <Link
            key={one}
            to="/doc/referrals"
            search={{ direction: one === 'sent' ? undefined : one }}
            activeOptions={{ exact: true, explicitUndefined: true }}
            aria-current={one === direction ? 'page' : undefined}
            className={adminClasses.tab}
          >
            {t(`referrals.${one}`)}
          </Link>
        ))}
      </nav>
      <MoreList<Referral>
        key={direction}
        name="referrals"
        path="/api/doctor/referrals"
        query={{ direction, limit: 30 }}
        empty={t(`referrals.none_${direction}`)}
        emptyHint={t(`referrals.none_${direction}_hint`)}
        keyOf={(one) => one.id}
      >
        {(one) => <ReferralLine referral={one} isSent={direction === 'sent'} />}
      </MoreList>
    </div>
  );
}

function ReferralLine({ referral: r, isSent }: { referral: Referral; isSent: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const on = dateText(dateIn(zoneHere(), r.made_at), locale, { day: 'numeric', month: 'short', year: 'numeric' });
  const to = [r.to_doctor_name, r.to_speciality_name].filter(Boolean).join(', ');
  return (
    <>
      <div>
        <Link to="/doc/patients/$id" params={{ id: String(r.patient_id) }} className={classes.name}>
          {r.patient_name}
        </Link>
        <div dir="auto">{r.reason}</div>
        <div className="muted">
          {isSent
            ? t('referrals.to', { who: to, on })
            : t('referrals.from', { who: [r.doctor_name, r.hospital_name].filter(Boolean).join(', '), on })}
        </div>
      </div>
      <div className={classes.marks}>
        <span className={classes.urgency} data-urgency={r.urgency}>
          {t(`referrals.urgency_${r.urgency}`)}
        </span>
        {r.is_booked !== undefined && (
          <span className={adminClasses.status} data-status={r.is_booked ? 'active' : 'pending'}>
            {t(r.is_booked ? 'referrals.booked' : 'referrals.open')}
          </span>
        )}
        {isSent && (
          <LinkButton to="/doc/visit/$id" params={{ id: String(r.appointment_id) }} variant="default" compact>
            {t('referrals.visit')}
            <span className="hidden">: {r.patient_name}</span>
          </LinkButton>
        )}
      </div>
    </>
  );
}
