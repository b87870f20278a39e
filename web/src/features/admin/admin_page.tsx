// Where an administrator begins.
import { Link } from '@tanstack/react-router';
import type { User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { PageTitle } from '../../ui/page';
import classes from './admin.module.css';
import { AdminFrame, mayEnter, usePendingCount } from './admin_frame';

const links = [
  ['/admin/hospitals', 'hospitals'],
  ['/admin/doctors', 'doctors'],
  ['/admin/users', 'users'],
  ['/admin/emergencies', 'emergencies'],
  ['/admin/deliveries', 'deliveries'],
  ['/admin/reviews', 'reviews'],
  ['/admin/webhooks', 'webhooks'],
  ['/admin/errors', 'errors'],
  ['/desk/day', 'day'],
  ['/desk/new', 'booking'],
  ['/docs', 'api'],
] as const;

export function AdminPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.title')}>{(user) => <Start user={user} />}</AdminFrame>;
}

function Start({ user }: { user: User }) {
  const { t } = useTranslation();
  const pending = usePendingCount();
  return (
    <>
      <PageTitle>{t('admin.title')}</PageTitle>
      <ul className={classes.cards}>
        {links
          .filter(([, name]) => mayEnter(user, name))
          .map(([to, name]) => (
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
