// One doctor's entry in the directory and where the doctor practises. A new one is the same form with nothing in it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { get, Intent } from '../../api/client';
import { fieldErrors, useResource, useSave, type Versioned } from '../../api/resource';
import type { DoctorProfile, Page, PracticeInput, Speciality, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Conflict } from '../../ui/conflict';
import { Select, Textarea, TextInput } from '../../ui/fields';
import { Form, useTexts } from '../../ui/form';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { doctorName } from '../doctor/doctor_parts';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { bodyOf, type DoctorTexts, practiceText, type Row, rowsOf, sameRows, textsOf } from './doctor_texts';
import { PracticeRows } from './practice_rows';

const route = getRouteApi('/admin/doctors/$id');

export function DoctorEditPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  return (
    <AdminFrame title={t('admin.doctor')}>
      {(user) => (id === 'new' ? <NewDoctor user={user} /> : <OneDoctor key={id} id={id} user={user} />)}
    </AdminFrame>
  );
}

function OneDoctor({ id, user }: { id: string; user: User }) {
  const { t } = useTranslation();
  const path = `/api/doctors/${id}`;
  const query = useResource<DoctorProfile>(path);
  if (!query.data)
    return (
      <>
        <PageTitle>{t('admin.doctor')}</PageTitle>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Loading lines={6} />}
      </>
    );
  return (
    <>
      <div className={classes.head}>
        <PageTitle>{doctorName(query.data.data)}</PageTitle>
        <div className="row">
          <LinkButton to="/admin/doctors/$id/schedule" params={{ id }}>
            {t('admin.schedule')}
          </LinkButton>
          <LinkButton to="/d/$id" params={{ id }} variant="default">
            {t('admin.public_page')}
          </LinkButton>
        </div>
      </div>
      <EditForm path={path} loaded={query.data} user={user} />
    </>
  );
}

interface FieldsProps {
  texts: ReturnType<typeof useTexts<DoctorTexts>>;
  fields: Record<string, string>;
  isNew?: boolean;
}

function Fields({ texts, fields, isNew }: FieldsProps) {
  const { t } = useTranslation();
  const specialities = useQuery({
    queryKey: ['directory', 'specialities', undefined],
    queryFn: ({ signal }) => get<Page<Speciality>>('/api/specialities', undefined, signal),
    staleTime: 600_000,
  });
  const field = (name: keyof DoctorTexts & string, maxLength: number) => ({
    ...texts.field(name),
    label: t(`admin.field_${name}`),
    maxLength,
    error: fields[name],
    autoComplete: 'off',
  });
  return (
    <div className={classes.fields}>
      <TextInput {...field('title', 20)} />
      <TextInput {...field('given_name', 80)} required />
      <TextInput {...field('family_name', 80)} />
      <TextInput {...field('speciality', 80)} required list="known-specialities" />
      <datalist id="known-specialities">
        {specialities.data?.items.map((s) => (
          <option key={s.id} value={s.name} />
        ))}
      </datalist>
      <TextInput {...field('qualification', 200)} />
      <TextInput {...field('experience_years', 2)} type="number" min={0} max={80} />
      <TextInput {...field('languages', 200)} description={t('admin.languages_hint')} />
      <TextInput {...field('telephone', 40)} type="tel" description={t('admin.phone_hint')} />
      <TextInput {...field('email', 254)} type="email" />
      {!isNew && (
        <Select {...texts.field('status')} label={t('admin.field_status')} error={fields.status}>
          {(['active', 'pending', 'closed'] as const).map((s) => (
            <option key={s} value={s}>
              {t(`admin.doctor_${s}`)}
            </option>
          ))}
        </Select>
      )}
      <Textarea
        {...texts.field('bio')}
        label={t('admin.field_bio')}
        maxLength={2000}
        rows={3}
        error={fields.bio}
        className={classes.wide}
      />
    </div>
  );
}

function EditForm({ path, loaded, user }: { path: string; loaded: Versioned<DoctorProfile>; user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [base, setBase] = useState(loaded);
  const texts = useTexts(textsOf(loaded.data));
  const [rows, setRows] = useState<Row[]>(() => rowsOf(loaded.data, user.hospital_id));
  const writing = useSave<DoctorProfile, ReturnType<typeof bodyOf>>(path);
  const fields = fieldErrors(writing.error);
  const baseRows = rowsOf(base.data, user.hospital_id);
  const rowsChanged = !sameRows(rows, baseRows);
  const changed = texts.changed.length > 0 || rowsChanged;
  const take = (now: Versioned<DoctorProfile>) => {
    setBase(now);
    texts.reset(textsOf(now.data));
    setRows(rowsOf(now.data, user.hospital_id));
  };
  const save = async (version: string | undefined) => {
    const written = await writing.save(bodyOf(texts.values, texts.changed, rowsChanged ? rows : undefined), version);
    if (!written) return;
    take(written);
    client.invalidateQueries({ queryKey: ['doctor'] });
  };
  const theirs = writing.theirs;
  return (
    <Form label={t('admin.doctor')} fields={fields} className="card stack" onSubmit={() => save(base.etag)}>
      <Fields texts={texts} fields={fields} />
      <PracticeRows rows={rows} onRows={setRows} user={user} fields={fields} />
      {writing.error !== undefined && Object.keys(fields).length === 0 && <ErrorState error={writing.error} />}
      {theirs && (
        <Conflict
          pending={writing.pending}
          fields={[
            ...texts.changed.map((name) => ({
              label: t(`admin.field_${name}`),
              theirs: textsOf(theirs.data)[name],
              mine: texts.values[name],
            })),
            ...(rowsChanged
              ? [
                  {
                    label: t('doctor.practices'),
                    theirs: rowsOf(theirs.data, user.hospital_id).map(practiceText).join('\n'),
                    mine: rows.map(practiceText).join('\n'),
                  },
                ]
              : []),
          ]}
          onMine={() => save(theirs.etag)}
          onTheirs={() => {
            take(theirs);
            writing.settle();
          }}
        />
      )}
      <div className="save">
        <Button type="submit" loading={writing.pending} disabled={!changed}>
          {t('admin.save')}
        </Button>
        <span role="status" className={writing.saved && !changed ? 'saved' : 'hidden'}>
          {writing.saved && !changed ? t('admin.saved') : ''}
        </span>
      </div>
    </Form>
  );
}

function NewDoctor({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = route.useSearch();
  const intent = useRef(new Intent());
  const texts = useTexts({ ...textsOf(), title: 'Dr' });
  const hospital = user.hospital_id ?? search.h;
  const [rows, setRows] = useState<Row[]>(hospital ? [{ hospital_id: hospital, fee: '', currency: 'INR' }] : []);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const fields = fieldErrors(error);
  const create = async () => {
    setPending(true);
    setError(undefined);
    try {
      const filled = (Object.keys(texts.values) as (keyof DoctorTexts & string)[]).filter(
        (name) => name !== 'status' && texts.values[name].trim() !== '',
      );
      const body = bodyOf(texts.values, filled, rows) as Record<string, unknown> & { practices: PracticeInput[] };
      const made = await intent.current.post<DoctorProfile>('/api/doctors', body);
      await navigate({ to: '/admin/doctors/$id/schedule', params: { id: String(made.id) }, replace: true });
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <>
      <PageTitle>{t('admin.doctor_new')}</PageTitle>
      <Form label={t('admin.doctor_new')} fields={fields} className="card stack" onSubmit={create}>
        <Fields texts={texts} fields={fields} isNew />
        <PracticeRows rows={rows} onRows={setRows} user={user} fields={fields} />
        {error !== undefined && Object.keys(fields).length === 0 && <ErrorState error={error} />}
        <div className="save">
          <Button type="submit" loading={pending}>
            {t('admin.doctor_create')}
          </Button>
          <span className="muted">{t('admin.doctor_create_hint')}</span>
        </div>
      </Form>
    </>
  );
}
