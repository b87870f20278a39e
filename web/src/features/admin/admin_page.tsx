// Where an administrator begins.
import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../app/i18n';
import { PageTitle } from '../../ui/page';
import classes from './admin.module.css';
import { AdminFrame, usePendingCount } from './admin_frame';

const links = [
  ['/admin/hospitals', 'hospitals'],
  ['/admin/doctors', 'doctors'],
  ['/admin/users', 'users'],
  ['/admin/reviews', 'reviews'],
  ['/desk/day', 'day'],
  ['/desk/new', 'booking'],
  ['/docs', 'api'],
] as const;

export function AdminPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.title')}>{() => <Start />}</AdminFrame>;
}

function Start() {
  const { t } = useTranslation();
  const pending = usePendingCount();
  return (
    <>
      <PageTitle>{t('admin.title')}</PageTitle>
      <ul className={classes.cards}>
        {links.map(([to, name]) => (
          <li key={name}>
            <Link to={to} className={`card ${classes.cardLink}`}>
              <strong>
                {t(`admin.${name}`)}
                {name === 'users' && pending ? (
                  <span className={classes.badge}>{t('admin.pending', { count: pending })}</span>
                ) : null}
              </strong>
              <span className="muted">{t(`admin.${name}_text`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
