// Where an administrator begins: the hospital's day at a glance, and the areas.
import { getRouteApi, Link } from '@tanstack/react-router';
import type { User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { HospitalGlance } from '../dashboard/glance';
import { useHospital } from '../hospital/use_hospital';
import classes from './admin.module.css';
import { AdminFrame, mayEnter, usePendingCount } from './admin_frame';
import { HospitalSelect } from './hospital_select';

const route = getRouteApi('/admin');
const links = [
  ['/admin/stats', 'stats'],
  ['/admin/hospitals', 'hospitals'],
  ['/admin/doctors', 'doctors'],
  ['/admin/users', 'users'],
  ['/admin/emergencies', 'emergencies'],
  ['/admin/deliveries', 'deliveries'],
  ['/admin/reviews', 'reviews'],
  ['/admin/webhooks', 'webhooks'],
  ['/admin/audit', 'audit'],
  ['/admin/exports', 'exports'],
  ['/admin/keys', 'keys'],
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
  const navigate = route.useNavigate();
  const { h } = route.useSearch();
  const pending = usePendingCount();
  const hospitalId = user.hospital_id ?? h;
  const hospital = useHospital(hospitalId);
  return (
    <>
      <PageTitle>{t('admin.title')}</PageTitle>
      {user.hospital_id === undefined && h !== undefined && (
        <HospitalSelect value={h} onChange={(id) => navigate({ search: { h: id }, resetScroll: false })} />
      )}
      {hospitalId !== undefined && hospital.isPending && <Loading lines={3} height={64} />}
      {hospital.isError && <ErrorState error={hospital.error} onRetry={() => hospital.refetch()} />}
      {hospital.data && <HospitalGlance hospital={hospital.data} />}
      <h2 className="hidden">{t('admin.areas_all')}</h2>
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
      {user.hospital_id === undefined && h === undefined && (
        <section className="card stack">
          <HospitalSelect
            label={t('admin.choose_today')}
            onChange={(id) => navigate({ search: { h: id }, resetScroll: false })}
          />
        </section>
      )}
    </>
  );
}
