// Who a patient is: the numbers by which one is known, who may be the same person, and the merge of the two, which can
// be undone. The desk reads and adds; administrators merge.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { get, Intent, request } from '../../api/client';
import type { Identifier, MergeView, Page, PatientCard, PossibleDuplicate, Registration, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { adminRoles, hasRole, staffRoles } from '../../app/session';
import { momentText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Select, TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { useAction } from '../account/use_action';
import adminClasses from '../admin/admin.module.css';
import { numberedPersonWords } from '../patients/person_words';
import classes from './desk.module.css';

const route = getRouteApi('/desk/patients/$id');
const kinds = ['mrn', 'national', 'passport', 'insurance', 'other'] as const;

export function RegistryPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  return (
    <Guard roles={staffRoles} title={t('registry.title')}>
      {(user) => <Entry key={id} id={Number(id)} user={user} />}
    </Guard>
  );
}

const keyOf = (id: number) => ['registry', id] as const;

function Entry({ id, user }: { id: number; user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [said, setSaid] = useState('');
  const query = useQuery({
    queryKey: [...keyOf(id), 'entry'],
    queryFn: ({ signal }) => get<Registration>(`/api/patients/${id}/registration`, undefined, signal),
    staleTime: 0,
  });
  const entry = query.data;
  const changed = async (words: string) => {
    setSaid(words);
    await client.invalidateQueries({ queryKey: keyOf(id) });
  };
  const mayMerge = hasRole(user, adminRoles);
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <div>
          <PageTitle title={t('registry.title')}>{entry?.patient.name ?? t('registry.title')}</PageTitle>
          {entry && <Who patient={entry.patient} />}
        </div>
        <LinkButton to="/desk/new" search={{ p: id }}>
          {t('registry.book')}
        </LinkButton>
      </div>
      {query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <p role="status" className={said ? 'saved' : 'hidden'}>
        {said}
      </p>
      {entry?.kept_id !== undefined && (
        <Notice kind="info" title={t('registry.is_merged')}>
          <Link to="/desk/patients/$id" params={{ id: String(entry.kept_id) }}>
            {t('registry.to_kept', { id: entry.kept_id })}
          </Link>
        </Notice>
      )}
      {entry && <Numbers id={id} items={entry.identifiers} user={user} onChanged={changed} />}
      {entry && entry.merges.length > 0 && <Merges items={entry.merges} mayMerge={mayMerge} onChanged={changed} />}
      {entry && entry.kept_id === undefined && (
        <Doubles of={entry.patient} mayMerge={mayMerge} onMerged={(name) => changed(t('registry.merged', { name }))} />
      )}
    </div>
  );
}

function Who({ patient }: { patient: PatientCard }) {
  const { t } = useTranslation();
  return <p className={`muted ${classes.who}`}>{numberedPersonWords(t, patient)}</p>;
}

interface NumbersProps {
  id: number;
  items: Identifier[];
  user: User;
  onChanged: (words: string) => Promise<void>;
}

function Numbers({ id, items, user, onChanged }: NumbersProps) {
  const { t } = useTranslation();
  const action = useAction();
  const intent = useRef(new Intent());
  // A record number is the hospital's to give.
  const offered = kinds.filter((kind) => kind !== 'mrn' || user.hospital_id !== undefined);
  const [kind, setKind] = useState<(typeof kinds)[number]>(offered[0] ?? 'other');
  const [value, setValue] = useState('');
  const isGiven = kind === 'mrn';
  const add = () =>
    action.act(async () => {
      const body = { kind, value: isGiven ? undefined : value.trim() };
      const made = await intent.current.post<Identifier>(`/api/patients/${id}/identifiers`, body);
      setValue('');
      await onChanged(t('registry.added', { value: made.value }));
    });
  const end = (one: Identifier) =>
    action.act(async () => {
      await request('DELETE', `/api/patients/${id}/identifiers/${one.id}`);
      await onChanged(t('registry.ended', { value: one.value }));
    });
  return (
    <section className="card stack" aria-labelledby="numbers">
      <h2 id="numbers">{t('registry.numbers')}</h2>
      {items.length === 0 && <p className="muted">{t('registry.no_numbers')}</p>}
      <ul className={adminClasses.list}>
        {items.map((one) => (
          <li key={one.id} className={adminClasses.line} data-identifier={one.id}>
            <span>
              <span className="muted">{t(`registry.kind_${one.kind}`)}</span>{' '}
              <strong className="numbers" dir="ltr">
                {one.value}
              </strong>
            </span>
            {hasRole(user, adminRoles) && (
              <Button compact variant="subtle" color="danger" onClick={() => end(one)}>
                {t('registry.end')}
                <span className="hidden">: {one.value}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Form
        label={t('registry.add')}
        fields={action.fields}
        className={adminClasses.fields}
        onSubmit={() => !action.pending && add()}
      >
        <Select
          label={t('registry.kind')}
          value={kind}
          onChange={(e) => setKind(offered.find((one) => one === e.currentTarget.value) ?? 'other')}
        >
          {offered.map((one) => (
            <option key={one} value={one}>
              {t(`registry.kind_${one}`)}
            </option>
          ))}
        </Select>
        {!isGiven && (
          <TextInput
            label={t('registry.value')}
            required
            minLength={3}
            maxLength={60}
            autoComplete="off"
            value={value}
            error={action.fields.value}
            onChange={(e) => setValue(e.currentTarget.value)}
          />
        )}
        <div>
          <Button type="submit" variant="default" loading={action.pending}>
            {t(isGiven ? 'registry.give' : 'registry.add')}
          </Button>
        </div>
      </Form>
      {action.error !== undefined && <ErrorState error={action.error} />}
    </section>
  );
}

interface MergesProps {
  items: MergeView[];
  mayMerge: boolean;
  onChanged: (words: string) => Promise<void>;
}

function Merges({ items, mayMerge, onChanged }: MergesProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const action = useAction();
  const undo = (one: MergeView) =>
    action.act(async () => {
      await request('DELETE', `/api/merges/${one.id}`);
      await onChanged(t('registry.undone', { id: one.merged_id }));
    });
  return (
    <section className="card stack" aria-labelledby="merges">
      <h2 id="merges">{t('registry.merges')}</h2>
      <ul className={adminClasses.list}>
        {items.map((one) => (
          <li key={one.id} className={adminClasses.line} data-merge={one.id}>
            <span>
              <strong>{t('patients.number', { id: one.merged_id })}</strong>
              <span className="muted">
                {' '}
                · {momentText(one.merged_at, locale)} · <span dir="auto">{one.reason}</span>
              </span>
            </span>
            {mayMerge && (
              <Button compact variant="default" loading={action.pending} onClick={() => undo(one)}>
                {t('registry.undo')}
                <span className="hidden">: {t('patients.number', { id: one.merged_id })}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {action.error !== undefined && <ErrorState error={action.error} />}
    </section>
  );
}

interface DoublesProps {
  of: PatientCard;
  mayMerge: boolean;
  onMerged: (name: string) => void;
}

function Doubles({ of, mayMerge, onMerged }: DoublesProps) {
  const { t } = useTranslation();
  const [other, setOther] = useState<PatientCard>();
  const query = useQuery({
    queryKey: [...keyOf(of.id), 'doubles'],
    queryFn: ({ signal }) => get<Page<PossibleDuplicate>>(`/api/patients/${of.id}/duplicates`, undefined, signal),
    staleTime: 0,
  });
  return (
    <section className="stack" aria-labelledby="doubles">
      <h2 id="doubles">{t('registry.doubles')}</h2>
      <p className="muted">{t(mayMerge ? 'registry.doubles_text' : 'registry.doubles_desk')}</p>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.items.length === 0 && <p>{t('registry.no_doubles')}</p>}
      <ul className={adminClasses.list}>
        {query.data?.items.map(({ patient, reasons }) => (
          <li key={patient.id} className={`card ${adminClasses.item}`} data-double={patient.id}>
            <div>
              <Link to="/desk/patients/$id" params={{ id: String(patient.id) }} className={adminClasses.name}>
                {patient.name}
              </Link>
              <Who patient={patient} />
              <p className={classes.same}>
                {t('registry.same')} {reasons.map((one) => t(`registry.same_${one}`)).join(', ')}
              </p>
            </div>
            {mayMerge && (
              <Button compact variant="default" onClick={() => setOther(patient)}>
                {t('registry.merge')}
                <span className="hidden">: {patient.name}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {other && (
        <MergeDialog
          kept={of}
          merged={other}
          onClose={() => setOther(undefined)}
          onDone={() => {
            setOther(undefined);
            onMerged(other.name);
          }}
        />
      )}
    </section>
  );
}

interface MergeDialogProps {
  kept: PatientCard;
  merged: PatientCard;
  onClose: () => void;
  onDone: () => void;
}

function MergeDialog({ kept, merged, onClose, onDone }: MergeDialogProps) {
  const { t } = useTranslation();
  const action = useAction();
  const intent = useRef(new Intent());
  const [reason, setReason] = useState('');
  const merge = async () => {
    const body = { merged_id: merged.id, reason: reason.trim() };
    const isDone = await action.act(async () => {
      await intent.current.post<MergeView>(`/api/patients/${kept.id}/merges`, body);
    });
    if (isDone) onDone();
  };
  return (
    <Dialog open title={t('registry.merge_title')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!action.pending) merge();
        }}
      >
        <p>
          {t('registry.merge_text', { kept: kept.name, kept_id: kept.id, merged: merged.name, merged_id: merged.id })}
        </p>
        <TextInput
          label={t('registry.merge_reason')}
          required
          minLength={3}
          maxLength={500}
          autoComplete="off"
          value={reason}
          error={action.fields.reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        {action.error !== undefined && <ErrorState error={action.error} />}
        <div className="row">
          <Button type="submit" loading={action.pending}>
            {t('registry.merge')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('admin.keep')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
