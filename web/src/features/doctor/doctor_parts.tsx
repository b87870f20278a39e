// Small parts of a doctor that several pages show.

import type { Doctor } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import classes from './doctor_parts.module.css';

export const doctorName = (doctor: Pick<Doctor, 'title' | 'name'>) =>
  doctor.title && !doctor.name.startsWith(doctor.title) ? `${doctor.title} ${doctor.name}` : doctor.name;

export function DoctorAvatar({ doctor, size }: { doctor: Doctor; size: number }) {
  const style = { width: size, height: size, fontSize: size * 0.36 };
  if (doctor.image_url?.startsWith('/'))
    return <img src={doctor.image_url} alt="" width={size} height={size} className={classes.avatar} loading="lazy" />;
  const initials = doctor.name
    .replace(/^Dr\.?\s+/i, '')
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('');
  return (
    <span className={classes.avatar} style={style} aria-hidden="true">
      {initials}
    </span>
  );
}

export function Rating({ rating, reviews }: { rating?: number; reviews?: number }) {
  const { t } = useTranslation();
  if (!rating || !reviews) return <span>{t('doctor.no_reviews')}</span>;
  return (
    <span className="numbers">
      <span aria-hidden="true">★ {rating.toFixed(1)}</span>
      <span className="hidden">{t('doctor.rating_of', { rating: rating.toFixed(1) })}</span>{' '}
      {t('doctor.reviews', { count: reviews })}
    </span>
  );
}
