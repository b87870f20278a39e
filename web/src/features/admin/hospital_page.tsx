// One hospital: its entry in the directory, its departments. A new one is the same form with nothing in it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { get, Intent, request } from '../../api/client';
import { fieldErrors, useResource, useSave, type Versioned } from '../../api/resource';
import type { Department, Hospital, HospitalCreate, Page, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { zoneHere } from '../../app/time';
import { Button } from '../../ui/button';
import { Conflict } from '../../ui/conflict';
import { Select, TextInput } from '../../ui/fields';
import { Form, useTexts } from '../../ui/form';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { ZoneInput } from '../../ui/zone_input';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { Application } from './applications';
import { HospitalStatus } from './hospital_status';

const route = getRouteApi('/admin/hospitals/$id');
const names = [
  'name',
  'city_name',
  'address',
  'postal_code',
  'time_zone',
  'phone',
  'latitude',
  'longitude',
  'status',
] as const;
type Name = (typeof names)[number];
type HospitalTexts = Record<Name, string>;

/** Six digits of a degree are a hand's breadth. */
const textOf = (value: string | number | undefined) =>
  value === undefined ? '' : String(typeof value === 'number' ? Number(value.toFixed(6)) : value);
const textsOf = (h?: Hospital): HospitalTexts =>
  Object.fromEntries(names.map((name) => [name, textOf(h?.[name])])) as HospitalTexts;

/** The members that were changed, numbers as numbers; an emptied place is not sent. */
function bodyOf(values: HospitalTexts, changed: readonly Name[]) {
  const body: Record<string, string | number> = {};
  for (const name of changed) {
    const text = values[name].trim();
    if (name === 'latitude' || name === 'longitude') {
      if (text) body[name] = Number(text);
    } else if (text || name === 'address' || name === 'phone') body[name] = text;
  }
  return body;
}

export function HospitalPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  return (
    <AdminFrame title={t('admin.hospital')}>
      {(user) => (id === 'new' ? <NewHospital user={user} /> : <OneHospital key={id} id={id} user={user} />)}
    </AdminFrame>
  );
}

function OneHospital({ id, user }: { id: string; user: User }) {
  const { t } = useTranslation();
  const path = `/api/hospitals/${id}`;
  const query = useResource<Hospital>(path);
  const isOwn = user.hospital_id === undefined || user.hospital_id === Number(id);
  if (!query.data)
    return (
      <>
        <PageTitle>{t('admin.hospital')}</PageTitle>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading lines={6} />}
      </>
    );
  const { status } = query.data.data;
  const isListed = status === 'active' || status === 'closed';
  return (
    <>
      <div className={classes.head}>
        <div>
          <PageTitle>{query.data.data.name}</PageTitle>
          {status !== 'active' && <HospitalStatus status={status} />}
        </div>
        <LinkButton to="/admin/doctors" search={{ h: Number(id) }} variant="default">
          {t('admin.doctors')}
        </LinkButton>
      </div>
      {!isListed && (
        <section className="card stack" aria-labelledby="application">
          <h2 id="application">{t('application.title')}</h2>
          <Application hospital={query.data.data} onDecided={() => query.refetch()} />
        </section>
      )}
      {isOwn ? (
        <>
          <EditForm key={isListed ? 'listed' : status} path={path} loaded={query.data} user={user} />
          <Departments hospitalId={Number(id)} />
        </>
      ) : (
        <Notice kind="warn" title={t('admin.foreign_hospital')} />
      )}
    </>
  );
}

function Fields({
  texts,
  fields,
}: {
  texts: ReturnType<typeof useTexts<HospitalTexts>>;
  fields: Record<string, string>;
}) {
  const { t } = useTranslation();
  return (
    <div className={classes.fields}>
      <TextInput
        {...texts.field('name')}
        label={t('admin.field_name')}
        required
        maxLength={200}
        error={fields.name}
        className={classes.wide}
      />
      <TextInput
        {...texts.field('city_name')}
        label={t('admin.field_city_name')}
        required
        maxLength={100}
        error={fields.city_name}
      />
      <TextInput
        {...texts.field('postal_code')}
        label={t('admin.field_postal_code')}
        maxLength={12}
        error={fields.postal_code}
      />
      <TextInput
        {...texts.field('phone')}
        type="tel"
        label={t('admin.field_phone')}
        description={t('admin.phone_hint')}
        maxLength={40}
        error={fields.phone}
      />
      <TextInput
        {...texts.field('address')}
        label={t('admin.field_address')}
        maxLength={300}
        error={fields.address}
        className={classes.wide}
      />
      <ZoneInput
        {...texts.field('time_zone')}
        label={t('admin.field_time_zone')}
        description={t('admin.time_zone_hint')}
        required
        error={fields.time_zone}
      />
      <TextInput
        {...texts.field('latitude')}
        type="number"
        step="any"
        min={-90}
        max={90}
        label={t('admin.field_latitude')}
        error={fields.latitude}
      />
      <TextInput
        {...texts.field('longitude')}
        type="number"
        step="any"
        min={-180}
        max={180}
        label={t('admin.field_longitude')}
        error={fields.longitude}
      />
    </div>
  );
}

function EditForm({ path, loaded, user }: { path: string; loaded: Versioned<Hospital>; user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const texts = useTexts(textsOf(loaded.data));
  const [etag, setEtag] = useState(loaded.etag);
  const writing = useSave<Hospital, Record<string, string | number>>(path);
  const fields = fieldErrors(writing.error);
  const save = async (version: string | undefined) => {
    const written = await writing.save(bodyOf(texts.values, texts.changed), version);
    if (!written) return;
    setEtag(written.etag);
    texts.reset(textsOf(written.data));
    client.invalidateQueries({ queryKey: ['directory'] });
  };
  const theirs = writing.theirs;
  return (
    <Form label={t('admin.hospital')} fields={fields} className="card stack" onSubmit={() => save(etag)}>
      <Fields texts={texts} fields={fields} />
      {user.role === 'platform_admin' && (texts.base.status === 'active' || texts.base.status === 'closed') && (
        <Select
          {...texts.field('status')}
          label={t('admin.field_status')}
          description={t('admin.hospital_status_hint')}
          error={fields.status}
        >
          {(['active', 'closed'] as const).map((s) => (
            <option key={s} value={s}>
              {t(`admin.hospital_${s}`)}
            </option>
          ))}
        </Select>
      )}
      {writing.error !== undefined && Object.keys(fields).length === 0 && <ErrorState error={writing.error} />}
      {theirs && (
        <Conflict
          pending={writing.pending}
          fields={texts.changed.map((name) => ({
            label: t(`admin.field_${name}`),
            theirs: textsOf(theirs.data)[name],
            mine: texts.values[name],
          }))}
          onMine={() => save(theirs.etag)}
          onTheirs={() => {
            texts.reset(textsOf(theirs.data));
            setEtag(theirs.etag);
            writing.settle();
          }}
        />
      )}
      <div className="save">
        <Button type="submit" loading={writing.pending} disabled={texts.changed.length === 0}>
          {t('admin.save')}
        </Button>
        <span role="status" className={writing.saved && texts.changed.length === 0 ? 'saved' : 'hidden'}>
          {writing.saved && texts.changed.length === 0 ? t('admin.saved') : ''}
        </span>
      </div>
    </Form>
  );
}

function NewHospital({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const intent = useRef(new Intent());
  const texts = useTexts({ ...textsOf(), time_zone: zoneHere() });
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const fields = fieldErrors(error);
  if (user.role !== 'platform_admin')
    return (
      <>
        <PageTitle>{t('admin.hospital_new')}</PageTitle>
        <Notice kind="warn" title={t('admin.platform_only')} />
      </>
    );
  const create = async () => {
    setPending(true);
    setError(undefined);
    try {
      const filled = names.filter((name) => texts.values[name].trim() !== '');
      const body = bodyOf(texts.values, filled) as unknown as HospitalCreate;
      const made = await intent.current.post<Hospital>('/api/hospitals', body);
      client.invalidateQueries({ queryKey: ['admin', 'hospitals'] });
      await navigate({ to: '/admin/hospitals/$id', params: { id: String(made.id) }, replace: true });
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <>
      <PageTitle>{t('admin.hospital_new')}</PageTitle>
      <Form label={t('admin.hospital_new')} fields={fields} className="card stack" onSubmit={create}>
        <Fields texts={texts} fields={fields} />
        {error !== undefined && Object.keys(fields).length === 0 && <ErrorState error={error} />}
        <div>
          <Button type="submit" loading={pending}>
            {t('admin.create')}
          </Button>
        </div>
      </Form>
    </>
  );
}

export function useDepartments(hospitalId: number | undefined) {
  return useQuery({
    queryKey: ['admin', 'departments', hospitalId],
    queryFn: ({ signal }) => get<Page<Department>>('/api/departments', { hospital_id: hospitalId }, signal),
    enabled: hospitalId !== undefined,
    staleTime: 30_000,
  });
}

function Departments({ hospitalId }: { hospitalId: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useDepartments(hospitalId);
  const intent = useRef(new Intent());
  const [name, setName] = useState('');
  const [busy, setBusy] = useState<number | 'new'>();
  const [error, setError] = useState<unknown>();
  const [done, setDone] = useState('');
  const run = async (what: number | 'new', words: string, work: () => Promise<unknown>) => {
    setBusy(what);
    setError(undefined);
    setDone('');
    try {
      await work();
      setDone(words);
      await client.invalidateQueries({ queryKey: ['admin', 'departments', hospitalId] });
    } catch (problem) {
      setError(problem);
    }
    setBusy(undefined);
  };
  return (
    <section className="card stack" aria-labelledby="departments">
      <h2 id="departments">{t('admin.departments')}</h2>
      {query.isPending && <Loading lines={3} height={40} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.items.length === 0 && <EmptyState title={t('admin.departments_none')} />}
      <ul className={classes.list}>
        {query.data?.items.map((d) => (
          <li key={d.id} className={classes.line}>
            <span>{d.name}</span>
            <Button
              compact
              variant="subtle"
              color="danger"
              loading={busy === d.id}
              aria-label={t('admin.department_remove', { name: d.name })}
              onClick={() =>
                run(d.id, t('admin.department_removed', { name: d.name }), () =>
                  request('DELETE', `/api/departments/${d.id}`),
                )
              }
            >
              {t('schedule.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {error !== undefined && <ErrorState error={error} />}
      <p role="status" className={done ? 'saved' : 'hidden'}>
        {done}
      </p>
      <form
        className={classes.find}
        onSubmit={(event) => {
          event.preventDefault();
          run('new', t('admin.department_added', { name: name.trim() }), async () => {
            await intent.current.post<Department>('/api/departments', { hospital_id: hospitalId, name: name.trim() });
            setName('');
          });
        }}
      >
        <TextInput
          label={t('admin.department_new')}
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={busy === 'new'}>
          {t('schedule.add')}
        </Button>
      </form>
    </section>
  );
}
