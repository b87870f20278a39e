import { getRouteApi, Link } from '@tanstack/react-router';
import type { Doctor, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { FindForm } from '../../ui/find_form';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { doctorName } from '../doctor/doctor_parts';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { HospitalSelect } from './hospital_select';
import { MoreList } from './more_list';

const route = getRouteApi('/admin/doctors');

export function DoctorsPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.doctors')}>{(user) => <Doctors user={user} />}</AdminFrame>;
}

function Doctors({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const hospital = user.hospital_id ?? search.h;
  return (
    <>
      <div className={classes.head}>
        <PageTitle>{t('admin.doctors')}</PageTitle>
        <LinkButton to="/admin/doctors/$id" params={{ id: 'new' }} search={{ h: hospital }}>
          {t('admin.doctor_new')}
        </LinkButton>
      </div>
      {user.hospital_id === undefined && search.h !== undefined && (
        <HospitalSelect value={search.h} onChange={(h) => navigate({ search: (old) => ({ ...old, h }) })} />
      )}
      <FindForm
        className={classes.find}
        label={t('desk.find_doctor')}
        initial={search.q}
        onFind={(words) => navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true })}
      />
      <p className="muted">{t('admin.doctors_listed')}</p>
      <MoreList<Doctor>
        name="doctors"
        path="/api/doctors"
        query={{ keyword: search.q, hospital_id: hospital, sort: search.q ? 'relevance' : 'name', limit: 20 }}
        empty={t('search.empty')}
        emptyHint={t('admin.none_hint')}
        keyOf={(d) => d.id}
      >
        {(d) => (
          <>
            <div>
              <Link to="/admin/doctors/$id" params={{ id: String(d.id) }} className={classes.name}>
                {doctorName(d)}
              </Link>
              <div className="muted">{[d.speciality.name, ...d.practices.map((p) => p.hospital_name)].join(' · ')}</div>
            </div>
            <LinkButton to="/admin/doctors/$id/schedule" params={{ id: String(d.id) }} variant="default" compact>
              {t('admin.schedule')}
              <span className="hidden">: {doctorName(d)}</span>
            </LinkButton>
          </>
        )}
      </MoreList>
    </>
  );
}
