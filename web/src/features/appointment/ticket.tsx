// The confirmation as it is shown, printed and kept for when there is no network: who, where, when, and a code to scan
// at the desk.
import { lazy, Suspense } from 'react';
import type { Appointment, Hospital } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { passFind } from '../../app/passes';
import { useHospital } from '../hospital/use_hospital';
import classes from './ticket.module.css';
import { VisitFacts } from './visit_facts';

const QrCode = lazy(() => import('./qr_code'));

/** On one line; the city is not said twice. */
export function addressText({
  address,
  city_name,
  postal_code,
}: Pick<Hospital, 'address' | 'city_name' | 'postal_code'>) {
  const named = address?.toLowerCase().endsWith(city_name.toLowerCase()) ? undefined : city_name;
  return [address, named, postal_code].filter(Boolean).join(', ');
}

export function Ticket({ appointment }: { appointment: Appointment }) {
  const { t } = useTranslation();
  const told = useHospital(appointment.hospital_id).data;
  const hospital = told ?? passFind(appointment.id)?.hospital;
  const isComing = appointment.status === 'booked' || appointment.status === 'arrived';
  const address = hospital && addressText(hospital);
  return (
    <article className={`card ${classes.ticket}`} aria-label={t('appointment.ticket')}>
      <div className={classes.facts}>
        <VisitFacts appointment={appointment} />
        <dl className="facts">
          {address && (
            <>
              <dt>{t('appointment.address')}</dt>
              <dd>{address}</dd>
            </>
          )}
          {hospital?.phone && (
            <>
              <dt>{t('doctor.telephone')}</dt>
              <dd className="numbers">
                <a href={`tel:${hospital.phone.replace(/[^\d+]/g, '')}`}>{hospital.phone}</a>
              </dd>
            </>
          )}
          <dt>{t('appointment.payment')}</dt>
          <dd>{t(`payment.${appointment.payment?.status ?? 'none'}`)}</dd>
          {appointment.cancel_reason && (
            <>
              <dt>{t('appointment.cancel_reason')}</dt>
              <dd>{appointment.cancel_reason}</dd>
            </>
          )}
        </dl>
      </div>
      <div className={classes.code}>
        {isComing && (
          <Suspense fallback={<div className={classes.qr} />}>
            <QrCode
              text={`${window.location.origin}/a/${appointment.id}`}
              label={t('appointment.qr', { id: appointment.id })}
            />
          </Suspense>
        )}
        <div className={classes.reference}>
          <span className="muted">{t('appointment.number')}</span>
          <strong className="numbers">{appointment.id}</strong>
          {isComing && <span className="muted">{t('appointment.qr_hint')}</span>}
        </div>
      </div>
    </article>
  );
}
