import { getRouteApi, Link } from '@tanstack/react-router';
import type { Hospital, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { FindForm } from '../../ui/find_form';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { useHospital } from '../hospital/use_hospital';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { FilterSelect } from './filter_select';
import { HospitalStatus, hospitalWord } from './hospital_status';
import { MoreList } from './more_list';

const route = getRouteApi('/admin/hospitals');
const statuses = ['active', 'closed', 'pending', 'refused'] as const;

export function HospitalsPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.hospitals')}>{(user) => <Hospitals user={user} />}</AdminFrame>;
}

function Hospitals({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { q = '', status } = route.useSearch();
  if (user.hospital_id !== undefined)
    return (
      <>
        <PageTitle>{t('admin.hospitals')}</PageTitle>
        <OwnHospital id={user.hospital_id} />
      </>
    );
  return (
    <>
      <div className={classes.head}>
        <PageTitle>{t('admin.hospitals')}</PageTitle>
        <LinkButton to="/admin/hospitals/$id" params={{ id: 'new' }}>
          {t('admin.hospital_new')}
        </LinkButton>
      </div>
      <FindForm
        className={classes.find}
        label={t('admin.hospital_find')}
        initial={q}
        onFind={(words) => navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true })}
      />
      <div className={classes.filters}>
        <FilterSelect
          label={t('admin.field_status')}
          value={status}
          options={statuses}
          wordOf={(s) => t(hospitalWord(s))}
          onChoose={(status) => navigate({ search: (old) => ({ ...old, status }), replace: true, resetScroll: false })}
        />
      </div>
      <MoreList<Hospital>
        name="hospitals"
        path="/api/hospitals"
        query={{ keyword: q, status: status ?? 'all', limit: 20 }}
        empty={t('admin.hospitals_none')}
        emptyHint={t('admin.none_hint')}
        keyOf={(h) => h.id}
      >
        {(h) => <HospitalLine hospital={h} />}
      </MoreList>
    </>
  );
}

function OwnHospital({ id }: { id: number }) {
  const query = useHospital(id);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <Loading lines={2} height={52} />;
  return (
    <ul className={classes.list}>
      <li className={`card ${classes.item}`}>
        <HospitalLine hospital={query.data} />
      </li>
    </ul>
  );
}

function HospitalLine({ hospital: h }: { hospital: Hospital }) {
  const { t } = useTranslation();
  return (
    <>
      <div>
        <Link to="/admin/hospitals/$id" params={{ id: String(h.id) }} className={classes.name}>
          {h.name}
        </Link>
        <div className="muted">{[h.city_name, h.postal_code, h.time_zone].filter(Boolean).join(' · ')}</div>
      </div>
      {h.status !== 'active' && <HospitalStatus status={h.status} />}
      <span className="numbers">{t('admin.doctors_count', { count: h.doctors })}</span>
      <LinkButton to="/admin/doctors" search={{ h: h.id }} variant="default" compact>
        {t('admin.doctors')}
        <span className="hidden">: {h.name}</span>
      </LinkButton>
    </>
  );
}
