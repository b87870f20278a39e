// The booked visits that a change of hours hits. They stay booked: somebody must call, move or cancel them.
import { Link } from '@tanstack/react-router';
import type { Appointment } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dayText, timeText } from '../../app/time';
import { Notice } from '../../ui/notice';
import classes from './schedule.module.css';

const shownMax = 8;

export function HitList({ title, items }: { title: string; items: Appointment[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Notice kind="warn" role="status" title={title}>
      <p>{t('schedule.hits_text')}</p>
      <ul className={classes.hits}>
        {items.slice(0, shownMax).map((a) => (
          <li key={a.id} className="numbers">
            <Link to="/a/$id" params={{ id: String(a.id) }}>
              {dayText(a.time_zone, a.starts_at, locale)}, {timeText(a.time_zone, a.starts_at, locale)}
            </Link>{' '}
            {a.patient_name}
          </li>
        ))}
      </ul>
      {items.length > shownMax && <p>{t('schedule.hits_more', { count: items.length - shownMax })}</p>}
    </Notice>
  );
}
