// The state of a hospital in one word.
import type { Hospital } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import classes from './admin.module.css';

export const hospitalWord = (status: string) =>
  status === 'pending' || status === 'refused' ? `application.${status}` : `admin.hospital_${status}`;

export function HospitalStatus({ status }: { status: Hospital['status'] }) {
  const { t } = useTranslation();
  return (
    <span className={classes.status} data-status={status === 'refused' ? 'closed' : status}>
      {t(hospitalWord(status))}
    </span>
  );
}
