// Treatments as a file: asked for, made in the background, fetched by a link that expires. For patients and doctors
// their own, for administrators those of a hospital.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Intent, Problem } from '../../api/client';
import type { Export, ExportCreate, Role, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { Select, TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Guard } from '../../ui/guard';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { useAction } from '../account/use_action';
import { AdminFrame } from '../admin/admin_frame';
import { HospitalSelect } from '../admin/hospital_select';
import classes from './exports.module.css';
import { download, exportsKey, isOpen, percentOf, useExports } from './use_exports';

const ownRoles: Role[] = ['patient', 'doctor'];
const formats = ['xlsx', 'csv'] as const;

export function OwnExportsPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={ownRoles} title={t('exports.title')}>
      {(user) => (
        <div className={`stack ${classes.page}`}>
          <Exports user={user} text={t(`exports.text_${user.role}`)} />
        </div>
      )}
    </Guard>
  );
}

export function AdminExportsPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t('exports.title')}>
      {(user) => <Exports user={user} text={t('exports.text_admin')} />}
    </AdminFrame>
  );
}

function Exports({ user, text }: { user: User; text: string }) {
  const { t } = useTranslation();
  const query = useExports(user.id);
  const items = query.data?.items;
  return (
    <>
      <div>
        <PageTitle>{t('exports.title')}</PageTitle>
        <p className="muted">{text}</p>
      </div>
      <NewExport user={user} isBusy={(items?.filter(isOpen).length ?? 0) > 0} />
      <section className="stack" aria-labelledby="exports-made">
        <h2 id="exports-made">{t('exports.made')}</h2>
        {query.isPending && <Loading lines={3} height={52} />}
        {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
        {items?.length === 0 && <EmptyState title={t('exports.none')}>{t('exports.none_hint')}</EmptyState>}
        <ul className={classes.list}>
          {items?.map((one) => (
            <li key={one.id} className={`card ${classes.item}`} data-export={one.id} data-status={one.status}>
              <ExportLine one={one} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function NewExport({ user, isBusy }: { user: User; isBusy: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const intent = useRef(new Intent());
  const action = useAction();
  const [format, setFormat] = useState<ExportCreate['format']>('xlsx');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [hospital, setHospital] = useState(user.hospital_id);
  const [isAsked, setAsked] = useState(false);
  const fault = from && to && to < from ? t('stats.fault_order') : undefined;
  const ask = async () => {
    setAsked(false);
    const body: ExportCreate = {
      format,
      from_on: from || undefined,
      to_on: to || undefined,
      hospital_id: user.role === 'platform_admin' ? hospital : undefined,
    };
    const isDone = await action.act(async () => {
      await intent.current.post<Export>('/api/export/treatments', body);
      await client.invalidateQueries({ queryKey: exportsKey });
    });
    setAsked(isDone);
  };
  const { error, fields } = action;
  const isFull = error instanceof Problem && error.code === 'reporting.exports_open';
  return (
    <Form
      label={t('exports.new')}
      fields={fields}
      className="card stack"
      onSubmit={() => !action.pending && !fault && ask()}
    >
      <h2>{t('exports.new')}</h2>
      <div className={classes.fields}>
        <Select
          label={t('exports.format')}
          value={format}
          error={fields.format}
          onChange={(e) => setFormat(formats.find((one) => one === e.currentTarget.value) ?? 'xlsx')}
        >
          {formats.map((one) => (
            <option key={one} value={one}>
              {t(`exports.format_${one}`)}
            </option>
          ))}
        </Select>
        <TextInput
          type="date"
          label={t('exports.from')}
          value={from}
          error={fields.from_on}
          onChange={(e) => setFrom(e.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('exports.to')}
          value={to}
          error={fault ?? fields.to_on}
          onChange={(e) => setTo(e.currentTarget.value)}
        />
      </div>
      {user.role === 'platform_admin' && (
        <HospitalSelect
          optional
          value={hospital}
          label={hospital === undefined ? t('exports.any_hospital') : undefined}
          onChange={setHospital}
        />
      )}
      {error !== undefined && (isFull ? <p role="alert">{t('exports.full')}</p> : <ErrorState error={error} />)}
      <div className="row">
        <Button type="submit" loading={action.pending}>
          {t('exports.ask')}
        </Button>
        <p role="status" className={isAsked && isBusy ? 'muted' : 'hidden'}>
          {isAsked && isBusy ? t('exports.asked') : ''}
        </p>
      </div>
    </Form>
  );
}

function ExportLine({ one }: { one: Export }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const action = useAction();
  const [isGone, setGone] = useState(false);
  const at = momentText(one.created_at, locale);
  const name = t('exports.name', { format: t(`exports.format_${one.format}`), at });
  const percent = percentOf(one);
  const fetchFile = () => action.act(async () => setGone(!(await download(one.id))));
  return (
    <>
      <div>
        <strong>{name}</strong>
        <div className="muted">
          {one.status === 'done' && t('exports.rows', { count: one.done })}
          {one.status === 'done' &&
            one.expires_at &&
            ` · ${t('exports.until', { at: momentText(one.expires_at, locale) })}`}
          {one.status === 'running' && percent !== undefined && t('exports.of', { count: one.total, done: one.done })}
        </div>
        {isOpen(one) && (
          <progress
            className={classes.progress}
            max={100}
            value={percent}
            aria-label={t('exports.progress', { name })}
          />
        )}
        {one.status === 'failed' && one.error && <div className={classes.reason}>{one.error}</div>}
        {isGone && <p role="alert">{t('exports.gone')}</p>}
        {action.error !== undefined && <ErrorState error={action.error} />}
      </div>
      <span role="status" className={classes.status} data-status={one.status}>
        {t(`exports.status_${one.status}`)}
      </span>
      {one.status === 'done' && (
        <Button compact loading={action.pending} onClick={fetchFile}>
          {t('exports.download')}
          <span className="hidden">: {name}</span>
        </Button>
      )}
    </>
  );
}
