import { Link } from '@tanstack/react-router';
import type { Doctor, Instant } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateIn, dayText, moneyText, timeText } from '../../app/time';
import { LinkButton } from '../../ui/links';
import { DoctorAvatar, doctorName, Rating } from '../doctor/doctor_parts';
import classes from './search.module.css';

export function DoctorCard({ doctor, fresh }: { doctor: Doctor; fresh?: Instant[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const id = String(doctor.id);
  const cheapest = [...doctor.practices].sort((a, b) => a.fee.amount_minor - b.fee.amount_minor)[0];
  return (
    <article className={`card ${classes.result}`}>
      <div className={classes.who}>
        <DoctorAvatar doctor={doctor} size={56} />
        <div className={classes.about}>
          <h2 className={classes.name}>
            <Link to="/d/$id" params={{ id }}>
              {doctorName(doctor)}
            </Link>
          </h2>
          <p className={classes.line}>
            <strong>{doctor.speciality.name}</strong>
            {doctor.qualification && <> · {doctor.qualification}</>}
            {doctor.experience_years ? <> · {t('doctor.years', { count: doctor.experience_years })}</> : null}
          </p>
          <p className={classes.line}>
            {[doctor.practices.map((p) => p.hospital_name).join(' · '), doctor.city?.name].filter(Boolean).join(', ')}
            {doctor.distance_km !== undefined && doctor.distance_km !== null && (
              <span className="numbers"> · {t('search.km', { km: doctor.distance_km.toFixed(1) })}</span>
            )}
          </p>
          <p className={classes.line}>
            <Rating rating={doctor.rating} reviews={doctor.reviews} /> · {doctor.languages.join(', ')}
          </p>
        </div>
        {cheapest && (
          <p className={classes.fee}>
            <span className="hidden">{t('doctor.fee')} </span>
            {doctor.practices.length > 1
              ? t('search.fee_from', { fee: moneyText(cheapest.fee, locale) })
              : moneyText(cheapest.fee, locale)}
          </p>
        )}
      </div>
      <Times doctor={doctor} fresh={fresh} />
    </article>
  );
}

function Times({ doctor, fresh }: { doctor: Doctor; fresh?: Instant[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = doctor.practices[0]?.time_zone ?? 'UTC';
  const id = String(doctor.id);
  const times = doctor.next_free ?? [];
  if (times.length === 0 && !fresh?.length)
    return (
      <div className={classes.times}>
        <span className="muted">{t('search.no_times')}</span>
        <LinkButton to="/d/$id" params={{ id }} variant="default" className={classes.all}>
          {t('search.all_times')}
        </LinkButton>
      </div>
    );
  // A time that went stays where it was, struck through; new ones follow.
  const shown = [...times, ...(fresh?.filter((at) => !times.includes(at)) ?? [])];
  let lastDay = '';
  return (
    <ul className={classes.times} aria-label={t('search.next_times', { name: doctorName(doctor) })}>
      {shown.map((at) => {
        const day = dateIn(zone, at);
        const newDay = day !== lastDay;
        lastDay = day;
        const gone = fresh !== undefined && !fresh.includes(at);
        const dayName = dayText(zone, at, locale);
        const time = timeText(zone, at, locale);
        return (
          <li key={at} className={classes.timeItem}>
            {newDay && (
              <span className={classes.day} aria-hidden="true">
                {dayName}
              </span>
            )}
            {gone ? (
              <s className={classes.gone}>
                <span className="hidden">{t('search.gone')} </span>
                {time}
              </s>
            ) : (
              <Link to="/d/$id" params={{ id }} search={{ on: day, at }} className={`${classes.time} numbers`}>
                <span className="hidden">{dayName} </span>
                {time}
              </Link>
            )}
          </li>
        );
      })}
      <li className={classes.all}>
        <LinkButton
          to="/d/$id"
          params={{ id }}
          variant="subtle"
          aria-label={t('search.all_times_of', { name: doctorName(doctor) })}
        >
          {t('search.all_times')}
        </LinkButton>
      </li>
    </ul>
  );
}
