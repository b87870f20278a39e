// The status of an appointment by sign and word; the colour only repeats them.
import type { AppointmentStatus } from '../api/types';
import { useTranslation } from '../app/i18n';
import classes from './status_mark.module.css';

const signs: Record<AppointmentStatus, string> = {
  pending: '◷',
  booked: '✓',
  arrived: '●',
  fulfilled: '✓✓',
  cancelled: '✕',
  noshow: '!',
  expired: '–',
};

export function StatusMark({ status }: { status: AppointmentStatus }) {
  const { t } = useTranslation();
  return (
    <span className={classes.status} data-status={status}>
      <span aria-hidden="true">{signs[status]}</span> {t(`status.${status}`)}
    </span>
  );
}
