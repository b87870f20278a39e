// Accounts: who waits for approval, who may sign in, and new staff.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { get, Intent, request } from '../../api/client';
import { fieldErrors } from '../../api/resource';
import type { Account, Doctor, DoctorPage, Role, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { adminRoles, hasRole, staffRoles } from '../../app/session';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Select, TextInput } from '../../ui/fields';
import { FindForm } from '../../ui/find_form';
import { Form, useTexts } from '../../ui/form';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState } from '../../ui/states';
import { doctorName } from '../doctor/doctor_parts';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { FilterSelect } from './filter_select';
import { HospitalSelect } from './hospital_select';
import { listKey, MoreList } from './more_list';

const route = getRouteApi('/admin/users');
const roles: Role[] = ['patient', 'doctor', 'front_desk', 'ward_admin', 'hospital_admin', 'platform_admin'];
const statuses = ['active', 'pending', 'disabled'] as const;

export function UsersPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame roles={staffRoles} title={t('admin.users')}>
      {(user) => <Users me={user} />}
    </AdminFrame>
  );
}

function Users({ me }: { me: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const mayManage = hasRole(me, adminRoles);
  const [done, setDone] = useState('');
  const changed = (words: string) => {
    setDone(words);
    client.invalidateQueries({ queryKey: listKey('users') });
  };
  return (
    <>
      <div className={classes.head}>
        <PageTitle>{t('admin.users')}</PageTitle>
        {mayManage && (
          <div className="row">
            <LinkButton to="/admin/approvals" variant="default">
              {t('admin.approvals')}
            </LinkButton>
            <LinkButton to="/admin/invitations" variant="default">
              {t('admin.invitations')}
            </LinkButton>
            <Button onClick={() => setAdding(!adding)} aria-expanded={adding}>
              {t('admin.user_new')}
            </Button>
          </div>
        )}
      </div>
      <p role="status" className={done ? 'saved' : 'hidden'}>
        {done}
      </p>
      {adding && (
        <NewUser
          me={me}
          onMade={(user) => {
            setAdding(false);
            changed(t('admin.user_made', { name: user.name }));
          }}
        />
      )}
      <FindForm
        className={classes.find}
        label={t('admin.user_find')}
        initial={search.q}
        minLength={2}
        onFind={(words) => navigate({ search: (old) => ({ ...old, q: words || undefined }), replace: true })}
      />
      <div className={classes.filters}>
        <FilterSelect
          label={t('admin.user_status')}
          value={search.status}
          options={statuses}
          wordOf={(s) => t(`admin.user_${s}`)}
          onChoose={(status) => navigate({ search: (old) => ({ ...old, status }), replace: true, resetScroll: false })}
        />
        <FilterSelect
          label={t('admin.user_role')}
          value={search.role}
          options={roles}
          wordOf={(r) => t(`role.${r}`)}
          onChoose={(role) => navigate({ search: (old) => ({ ...old, role }), replace: true, resetScroll: false })}
        />
      </div>
      <MoreList<Account>
        name="users"
        path="/api/users"
        query={{ q: search.q, status: search.status, role: search.role, limit: 30 }}
        empty={t(search.status === 'pending' ? 'admin.users_none_pending' : 'admin.users_none')}
        keyOf={(u) => u.id}
      >
        {(u) => <UserLine user={u} me={me} mayManage={mayManage} onChanged={changed} />}
      </MoreList>
    </>
  );
}

interface UserLineProps {
  user: Account;
  me: User;
  mayManage: boolean;
  onChanged: (words: string) => void;
}

export function UserLine({ user, me, mayManage, onChanged }: UserLineProps) {
  const { t } = useTranslation();
  const [pending, setPending] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [asking, setAsking] = useState<'refuse' | 'disable'>();
  const [doctorId, setDoctorId] = useState<number>();
  const send = async (what: string, path: string, body: unknown) => {
    setPending(what);
    setError(undefined);
    setAsking(undefined);
    try {
      await request<User>('PUT', `/api/users/${user.id}/${path}`, { body });
      onChanged(t(`admin.done_${what}`, { name: user.name }));
    } catch (problem) {
      setError(problem);
    }
    setPending(undefined);
  };
  return (
    <>
      <div>
        <strong>{user.name}</strong>
        <div className="muted">
          {t(`role.${user.role}`)} · {t('admin.user_number', { id: user.id })}
          {[...new Set([user.login, user.email, user.phone])].filter(Boolean).map((way) => (
            <span key={way}> · {way}</span>
          ))}
        </div>
      </div>
      <span className={classes.status} data-status={user.status}>
        {t(`admin.user_${user.status}`)}
      </span>
      <div className={classes.approve}>
        {mayManage && user.status === 'pending' && (
          <>
            {user.role === 'doctor' && (
              <DoctorOf hospitalId={user.hospital_id ?? me.hospital_id} value={doctorId} onChange={setDoctorId} />
            )}
            <Button
              compact
              loading={pending === 'approve'}
              onClick={() => send('approve', 'approval', { approved: true, doctor_id: doctorId })}
            >
              {t('admin.approve')}
              <span className="hidden">: {user.name}</span>
            </Button>
            <Button compact variant="default" color="danger" onClick={() => setAsking('refuse')}>
              {t('admin.refuse')}
              <span className="hidden">: {user.name}</span>
            </Button>
          </>
        )}
        {mayManage && user.status === 'active' && user.id !== me.id && (
          <Button compact variant="default" color="danger" onClick={() => setAsking('disable')}>
            {t('admin.disable')}
            <span className="hidden">: {user.name}</span>
          </Button>
        )}
        {mayManage && user.status === 'disabled' && (
          <Button
            compact
            variant="default"
            loading={pending === 'enable'}
            onClick={() => send('enable', 'disabled', { disabled: false })}
          >
            {t('admin.enable')}
            <span className="hidden">: {user.name}</span>
          </Button>
        )}
      </div>
      {error !== undefined && <ErrorState error={error} />}
      <Dialog
        open={asking !== undefined}
        title={t(asking === 'refuse' ? 'admin.refuse_title' : 'admin.disable_title', { name: user.name })}
        onClose={() => setAsking(undefined)}
      >
        <div className="stack">
          <p>{t(asking === 'refuse' ? 'admin.refuse_text' : 'admin.disable_text')}</p>
          <div className="row">
            <Button
              color="danger"
              onClick={() =>
                asking === 'refuse'
                  ? send('refuse', 'approval', { approved: false })
                  : send('disable', 'disabled', { disabled: true })
              }
            >
              {t(asking === 'refuse' ? 'admin.refuse' : 'admin.disable')}
            </Button>
            <Button variant="default" onClick={() => setAsking(undefined)}>
              {t('admin.keep')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

function useDoctorsOf(hospitalId: number | undefined, keyword: string) {
  return useQuery({
    queryKey: ['admin', 'doctors-of', hospitalId, keyword],
    queryFn: ({ signal }) =>
      get<DoctorPage>(
        '/api/doctors',
        { hospital_id: hospitalId, keyword: keyword || undefined, sort: keyword ? undefined : 'name', limit: 30 },
        signal,
      ),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** The entry of the directory that a doctor's account speaks for. */
export function DoctorOf({
  hospitalId,
  value,
  onChange,
}: {
  hospitalId?: number;
  value?: number;
  onChange: (id: number | undefined) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const first = useDoctorsOf(hospitalId, '').data;
  const doctors: Doctor[] = useDoctorsOf(hospitalId, typed.trim()).data?.items ?? [];
  return (
    <>
      {first?.next !== undefined && (
        <TextInput
          type="search"
          label={t('desk.find_doctor')}
          autoComplete="off"
          value={typed}
          onChange={(e) => {
            setTyped(e.currentTarget.value);
            onChange(undefined);
          }}
        />
      )}
      <Select
        label={t('admin.doctor_of')}
        value={value ?? ''}
        onChange={(e) => onChange(Number(e.currentTarget.value) || undefined)}
      >
        <option value="">{t('admin.doctor_of_none')}</option>
        {doctors.map((d) => (
          <option key={d.id} value={d.id}>
            {doctorName(d)}
          </option>
        ))}
      </Select>
    </>
  );
}

export const staffFor: Record<string, Role[]> = {
  hospital_admin: ['front_desk', 'ward_admin', 'doctor'],
  platform_admin: ['front_desk', 'ward_admin', 'hospital_admin', 'doctor', 'platform_admin'],
};

function NewUser({ me, onMade }: { me: User; onMade: (user: User) => void }) {
  const { t } = useTranslation();
  const intent = useRef(new Intent());
  const texts = useTexts({ name: '', login: '', password: '' });
  const [role, setRole] = useState<Role>('front_desk');
  const [hospital, setHospital] = useState(me.hospital_id);
  const [doctor, setDoctor] = useState<number>();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const fields = fieldErrors(error);
  const needsHospital = role !== 'platform_admin' && me.hospital_id === undefined;
  const create = async () => {
    setPending(true);
    setError(undefined);
    try {
      const body = {
        role,
        name: texts.values.name.trim(),
        login: texts.values.login.trim(),
        password: texts.values.password,
        hospital_id: role === 'platform_admin' ? undefined : hospital,
        doctor_id: role === 'doctor' ? doctor : undefined,
      };
      onMade(await intent.current.post<User>('/api/users', body));
    } catch (problem) {
      setError(problem);
      setPending(false);
    }
  };
  return (
    <Form label={t('admin.user_new')} fields={fields} className="card stack" onSubmit={create}>
      <h2>{t('admin.user_new')}</h2>
      <div className={classes.fields}>
        <Select
          label={t('admin.user_role')}
          value={role}
          onChange={(e) => setRole(roles.find((r) => r === e.currentTarget.value) ?? 'front_desk')}
          error={fields.role}
        >
          {staffFor[me.role]?.map((r) => (
            <option key={r} value={r}>
              {t(`role.${r}`)}
            </option>
          ))}
        </Select>
        <TextInput
          {...texts.field('name')}
          label={t('desk.name')}
          required
          maxLength={200}
          autoComplete="off"
          error={fields.name}
        />
        <TextInput
          {...texts.field('login')}
          label={t('login.login')}
          required
          maxLength={200}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={fields.login}
        />
        <TextInput
          {...texts.field('password')}
          type="password"
          label={t('admin.first_password')}
          description={t('admin.first_password_hint')}
          required
          autoComplete="new-password"
          error={fields.password}
        />
        {role === 'doctor' && <DoctorOf hospitalId={hospital} value={doctor} onChange={setDoctor} />}
      </div>
      {needsHospital && <HospitalSelect value={hospital} onChange={setHospital} />}
      {(fields.hospital_id || fields.doctor_id) && <p role="alert">{fields.hospital_id ?? fields.doctor_id}</p>}
      {error !== undefined && Object.keys(fields).length === 0 && <ErrorState error={error} />}
      <div>
        <Button type="submit" loading={pending}>
          {t('admin.create')}
        </Button>
      </div>
    </Form>
  );
}
