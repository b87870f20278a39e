// The patient's own number after the arrival: how many are called before, and where to go.
import type { Arrival } from '../../api/types';
import { useWatched } from '../../api/watch';
import { useTranslation } from '../../app/i18n';
import { Notice } from '../../ui/notice';
import classes from './reception.module.css';

export function OwnTurn({ appointmentId }: { appointmentId: number }) {
  const { t } = useTranslation();
  const query = useWatched<Arrival>(
    `/api/appointments/${appointmentId}/arrival`,
    (arrival) => [`display/${arrival.hospital_id}`],
    () => true,
  );
  const arrival = query.data?.data;
  if (!arrival) return null; // arrived without the desk: there is no number
  const isCalled = arrival.called_at !== undefined;
  return (
    <Notice
      kind={isCalled ? 'ok' : 'info'}
      role="status"
      title={isCalled ? t('turn.called') : t('turn.ahead', { count: arrival.ahead ?? 0 })}
    >
      <p className={classes.own}>
        {t('turn.number')} <strong className="numbers">{arrival.token}</strong>
      </p>
      {isCalled && arrival.room && <p>{t('turn.room', { room: arrival.room })}</p>}
      {!isCalled && arrival.delay_minutes > 0 && <p>{t('turn.late', { count: arrival.delay_minutes })}</p>}
    </Notice>
  );
}
