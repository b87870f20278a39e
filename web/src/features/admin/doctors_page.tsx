import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RosterDoctor, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { FindForm } from '../../ui/find_form';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState } from '../../ui/states';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { FilterSelect } from './filter_select';
import { HospitalSelect } from './hospital_select';
import { MoreList } from './more_list';
import { rosterStatuses, useBringBack } from './roster';

const route = getRouteApi('/admin/doctors');

export function DoctorsPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.doctors')}>{(user) => <Doctors user={user} />}</AdminFrame>;
}

function Doctors({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const [back, setBack] = useState('');
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
      <div className={classes.filters}>
        <FilterSelect
          label={t('admin.field_status')}
          value={search.status}
          options={rosterStatuses}
          wordOf={(s) => t(`admin.roster_${s}`)}
          onChoose={(status) => navigate({ search: (old) => ({ ...old, status }), replace: true, resetScroll: false })}
        />
      </div>
      <p role="status" className={back ? 'saved' : 'hidden'}>
        {back && t('admin.brought_back', { name: back })}
      </p>
      <MoreList<RosterDoctor>
        name="doctors"
        path="/api/admin/doctors"
        query={{ keyword: search.q, hospital_id: hospital, status: search.status, limit: 20 }}
        empty={t(search.status === 'inactive' && !search.q ? 'admin.roster_none_inactive' : 'search.empty')}
        emptyHint={search.q ? t('admin.none_hint') : undefined}
        keyOf={(d) => d.id}
      >
        {(d) => <DoctorLine doctor={d} user={user} hospital={hospital} onBack={() => setBack(d.name)} />}
      </MoreList>
    </>
  );
}

interface DoctorLineProps {
  doctor: RosterDoctor;
  user: User;
  hospital?: number;
  onBack: () => void;
}

export function DoctorLine({ doctor: d, user, hospital, onBack }: DoctorLineProps) {
  const { t } = useTranslation();
  const { bringBack, pending, error } = useBringBack(d, user, hospital, onBack);
  return (
    <>
      <div>
        <Link to="/admin/doctors/$id" params={{ id: String(d.id) }} className={classes.name}>
          {d.name}
        </Link>
        <div className="muted">
          {[d.speciality.name, ...d.practices.filter((p) => p.is_active).map((p) => p.hospital_name)].join(' · ')}
        </div>
      </div>
      {!d.bookable && (
        <span className={classes.status} data-status={d.status === 'pending' ? 'pending' : 'closed'}>
          {t(d.status === 'active' ? 'admin.no_practice' : `admin.roster_${d.status}`)}
        </span>
      )}
      <div className={classes.approve}>
        {bringBack && (
          <Button variant="default" compact loading={pending} onClick={bringBack}>
            {t(d.status === 'pending' ? 'admin.open_up' : 'admin.bring_back')}
            <span className="hidden">: {d.name}</span>
          </Button>
        )}
        <LinkButton to="/admin/doctors/$id/schedule" params={{ id: String(d.id) }} variant="default" compact>
          {t('admin.schedule')}
          <span className="hidden">: {d.name}</span>
        </LinkButton>
      </div>
      {error !== undefined && <ErrorState error={error} />}
    </>
  );
}
