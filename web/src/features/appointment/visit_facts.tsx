// Who, where, when and for how much: the same on the hold, the confirmation and the list. Always in the clinic's zone.
import type { Appointment, Money } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { longDayText, moneyText, timeText, zoneDiffers, zoneName } from '../../app/time';
import classes from './appointment.module.css';

export function VisitFacts({ appointment, price = appointment.price }: { appointment: Appointment; price?: Money }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { time_zone: zone, starts_at, ends_at } = appointment;
  return (
    <>
      <div>
        <p className={`${classes.when} numbers`}>
          {timeText(zone, starts_at, locale)}–{timeText(zone, ends_at, locale)}
        </p>
        <p className={classes.day}>{longDayText(zone, starts_at, locale)}</p>
        <p className="muted">
          {t(zoneDiffers(zone, starts_at) ? 'slots.zone' : 'slots.zone_same', {
            zone: zoneName(zone, starts_at, locale),
          })}
        </p>
      </div>
      <dl className="facts">
        <dt>{t('visit.doctor')}</dt>
        <dd>{appointment.doctor_name}</dd>
        <dt>{t('visit.hospital')}</dt>
        <dd>{appointment.hospital_name}</dd>
        {appointment.patient_name && (
          <>
            <dt>{t('visit.patient')}</dt>
            <dd>{appointment.patient_name}</dd>
          </>
        )}
        {appointment.reason && (
          <>
            <dt>{t('visit.reason')}</dt>
            <dd>{appointment.reason}</dd>
          </>
        )}
        {price && (
          <>
            <dt>{t('visit.price')}</dt>
            <dd className="numbers">{moneyText(price, locale)}</dd>
          </>
        )}
      </dl>
    </>
  );
}
