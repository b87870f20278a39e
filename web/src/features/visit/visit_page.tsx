// The doctor's page of one visit: history at the side, what is found and done in the middle, prescription and orders
// beside it. What is written saves itself; Ctrl+Enter closes the visit.
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Treatment } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { addDays, dateIn, longDayText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Textarea, TextInput } from '../../ui/fields';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { DiagnosisField } from './diagnosis_field';
import { bmiOf, type Draft, type TextName, type VitalName, vitalNames, vitalRead } from './draft';
import { HistoryRail } from './history_rail';
import { Orders } from './orders';
import { Prescriber } from './prescriber';
import { type SaveState, useVisit } from './use_visit';
import classes from './visit.module.css';

const route = getRouteApi('/doc/visit/$id');

export function VisitPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  return (
    <Guard roles={['doctor', 'hospital_admin', 'platform_admin']} title={t('treatment.title')}>
      {() => <OneVisit key={id} id={id} />}
    </Guard>
  );
}

function OneVisit({ id }: { id: string }) {
  const { t } = useTranslation();
  const visit = useVisit(id);
  const { treatment, draft } = visit;
  if (!treatment || !draft)
    return (
      <div className="narrow stack">
        <PageTitle>{t('treatment.title')}</PageTitle>
        {visit.query.isError ? (
          <ErrorState error={visit.query.error} onRetry={() => visit.query.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    );
  return <Loaded visit={visit} treatment={treatment} draft={draft} />;
}

interface LoadedProps {
  visit: ReturnType<typeof useVisit>;
  treatment: Treatment;
  draft: Draft;
}

function Loaded({ visit, treatment, draft }: LoadedProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [correction, setCorrection] = useState<string>();
  const isClosed = treatment.status === 'closed';
  const isWriting = treatment.can_write && (!isClosed || correction !== undefined);
  const canOrder = treatment.can_write && !isClosed;
  const zone = treatment.time_zone;
  const close = () => visit.send({ close: true });
  useCloseKey(isWriting && !isClosed, close);
  const name = treatment.summary?.patient.name;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div>
          <PageTitle title={t('treatment.title')}>{name ?? t('treatment.title')}</PageTitle>
          <p className="muted">
            {longDayText(zone, treatment.starts_at, locale)}, {timeText(zone, treatment.starts_at, locale)} ·{' '}
            {treatment.hospital_name}
            {treatment.appointment_reason && ` · ${treatment.appointment_reason}`}
          </p>
        </div>
        <div className="row">
          <SaveMark state={visit.state} isClosed={isClosed} />
          {isWriting && !isClosed && (
            <Button onClick={close} loading={visit.state === 'saving'} aria-keyshortcuts="Control+Enter">
              {t('treatment.close')}
            </Button>
          )}
          {isClosed && <LinkButton to="/doc/today">{t('treatment.to_day')}</LinkButton>}
          {isClosed && treatment.can_write && correction === undefined && (
            <Button variant="default" onClick={() => setCorrection('')}>
              {t('treatment.correct')}
            </Button>
          )}
        </div>
      </div>
      {visit.state === 'stale' && (
        <Notice
          kind="warn"
          role="alert"
          title={t('treatment.stale')}
          actions={<Button onClick={visit.reload}>{t('treatment.reload')}</Button>}
        >
          <p>{t('treatment.stale_text')}</p>
        </Notice>
      )}
      {visit.state === 'failed' && visit.error !== undefined && (
        <ErrorState error={visit.error} onRetry={() => visit.send({})} />
      )}
      <div className={classes.columns}>
        {treatment.summary && (
          <HistoryRail
            summary={treatment.summary}
            here={treatment.appointment_id}
            canWrite={canOrder}
            onChanged={visit.refresh}
          />
        )}
        <Findings draft={draft} isWriting={isWriting} zone={zone} onChange={visit.change} />
        <div className="stack">
          <Prescriber
            appointmentId={treatment.appointment_id}
            issued={treatment.prescriptions}
            canWrite={canOrder}
            onBefore={visit.settle}
            onIssued={visit.refresh}
          />
          <Orders treatment={treatment} canWrite={canOrder} onBefore={visit.settle} onMade={visit.refresh} />
        </div>
      </div>
      <Correction
        reason={correction}
        onReason={setCorrection}
        pending={visit.state === 'saving'}
        onSend={async () => {
          const saved = await visit.send({ correction_reason: correction?.trim() });
          if (saved) setCorrection(undefined);
        }}
        onCancel={() => {
          setCorrection(undefined);
          visit.reload();
        }}
      />
    </div>
  );
}

function useCloseKey(isOn: boolean, close: () => void) {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      close();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

function SaveMark({ state, isClosed }: { state: SaveState; isClosed: boolean }) {
  const { t } = useTranslation();
  const words = isClosed && state !== 'saving' ? 'closed' : state;
  return (
    <p role="status" className="muted" data-state={words}>
      {t(`treatment.state_${words}`)}
    </p>
  );
}

interface FindingsProps {
  draft: Draft;
  isWriting: boolean;
  zone: string;
  onChange: (draft: Draft) => void;
}

function Findings({ draft, isWriting, zone, onChange }: FindingsProps) {
  const { t } = useTranslation();
  const text = (name: TextName, rows: number) => (
    <Textarea
      label={t(`treatment.text_${name}`)}
      rows={rows}
      maxLength={8000}
      readOnly={!isWriting}
      value={draft.texts[name]}
      onChange={(e) => onChange({ ...draft, texts: { ...draft.texts, [name]: e.currentTarget.value } })}
    />
  );
  const today = dateIn(zone, Date.now());
  return (
    <section className={`card stack ${classes.findings}`} aria-label={t('treatment.findings')}>
      {text('complaint', 2)}
      <VitalsRow draft={draft} isWriting={isWriting} onChange={onChange} />
      {text('examination', 2)}
      {isWriting ? (
        <DiagnosisField value={draft.diagnoses} onChange={(diagnoses) => onChange({ ...draft, diagnoses })} />
      ) : (
        <Diagnoses draft={draft} />
      )}
      {text('notes', 2)}
      {text('advice', 2)}
      <div className={classes.followUp}>
        <TextInput
          type="date"
          label={t('treatment.follow_up')}
          readOnly={!isWriting}
          value={draft.followUpOn}
          onChange={(e) => onChange({ ...draft, followUpOn: e.currentTarget.value })}
        />
        {isWriting && (
          <div className="row">
            {[7, 14, 30].map((days) => (
              <Button
                key={days}
                compact
                variant="default"
                aria-label={t('treatment.in_days', { count: days })}
                onClick={() => onChange({ ...draft, followUpOn: addDays(today, days) })}
              >
                +{days}
              </Button>
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

function Diagnoses({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  return (
    <div>
      <h3>{t('treatment.diagnosis')}</h3>
      <ul className={classes.plain}>
        {draft.diagnoses.map((one) => (
          <li key={one.words}>
            {one.words} {one.code && <span className="muted numbers">{one.code}</span>}
          </li>
        ))}
        {draft.diagnoses.length === 0 && <li className="muted">{t('treatment.no_diagnosis')}</li>}
      </ul>
    </div>
  );
}

function VitalsRow({ draft, isWriting, onChange }: Omit<FindingsProps, 'zone'>) {
  const { t } = useTranslation();
  const bmi = bmiOf(draft);
  const one = (name: VitalName) => (
    <TextInput
      key={name}
      label={t(`treatment.vital_${name}`)}
      inputMode="decimal"
      autoComplete="off"
      maxLength={6}
      readOnly={!isWriting}
      value={draft.vitals[name]}
      error={
        draft.vitals[name].trim() && vitalRead(draft.vitals[name]) === undefined ? t('treatment.no_number') : undefined
      }
      onChange={(e) => onChange({ ...draft, vitals: { ...draft.vitals, [name]: e.currentTarget.value } })}
    />
  );
  return (
    <fieldset className={classes.vitals}>
      <legend>
        {t('treatment.vitals')} {bmi && <span className="muted numbers">BMI {bmi}</span>}
      </legend>
      {vitalNames.map(one)}
    </fieldset>
  );
}

interface CorrectionProps {
  reason?: string;
  onReason: (reason: string) => void;
  pending: boolean;
  onSend: () => void;
  onCancel: () => void;
}

/** A finished visit is corrected by a further version that says why. */
function Correction({ reason, onReason, pending, onSend, onCancel }: CorrectionProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  if (reason === undefined) return null;
  return (
    <div className={classes.correcting}>
      <Notice
        kind="info"
        title={t('treatment.correcting')}
        actions={
          <>
            <Button onClick={() => setAsking(true)}>{t('treatment.correct_done')}</Button>
            <Button variant="default" onClick={onCancel}>
              {t('treatment.cancel')}
            </Button>
          </>
        }
      >
        <p>{t('treatment.correcting_text')}</p>
      </Notice>
      <Dialog open={isAsking} title={t('treatment.correct_why')} onClose={() => setAsking(false)}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            setAsking(false);
            onSend();
          }}
        >
          <TextInput
            label={t('treatment.reason')}
            required
            minLength={3}
            maxLength={500}
            value={reason}
            onChange={(e) => onReason(e.currentTarget.value)}
          />
          <Button type="submit" loading={pending}>
            {t('treatment.correct_done')}
          </Button>
        </form>
      </Dialog>
    </div>
  );
}
