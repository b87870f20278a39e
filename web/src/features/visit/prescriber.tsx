// The prescription, typed line by line; issued as a whole. What the record speaks against is said before it is issued.
import { useRef, useState } from 'react';
import { Intent, Problem } from '../../api/client';
import type { Prescription } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { ErrorState } from '../../ui/states';
import { type SigMissing, type SigRow, sigRead } from './sig';
import classes from './visit.module.css';

export const medicineLine = (row: SigRow | Prescription['items'][number]) =>
  [row.medicine, row.dose, row.frequency].join(' · ');

interface PrescriberProps {
  appointmentId: number;
  issued: Prescription[];
  canWrite: boolean;
  /** Saves what is written first: a prescription opens the visit. */
  onBefore: () => Promise<void>;
  onIssued: () => void;
}

export function Prescriber({ appointmentId, issued, canWrite, onBefore, onIssued }: PrescriberProps) {
  const { t } = useTranslation();
  const intent = useRef(new Intent());
  const [line, setLine] = useState('');
  const [missing, setMissing] = useState<SigMissing[]>([]);
  const [rows, setRows] = useState<SigRow[]>([]);
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const preview = sigRead(line).row;
  const warned = error instanceof Problem && error.code === 'records.prescription_warned';
  const add = () => {
    const read = sigRead(line);
    setMissing(read.missing);
    if (!read.row) return;
    setRows([...rows, read.row]);
    setLine('');
    setError(undefined);
  };
  const issue = async () => {
    setPending(true);
    setError(undefined);
    try {
      await onBefore();
      await intent.current.post<Prescription>('/api/doctor/prescriptions', {
        appointment_id: appointmentId,
        items: rows,
        override_reason: warned ? reason.trim() : undefined,
      });
      setRows([]);
      setReason('');
      onIssued();
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <section className="card stack" aria-labelledby="prescriber">
      <h2 id="prescriber">{t('treatment.prescription')}</h2>
      {issued.map((one) => (
        <Issued key={one.id} prescription={one} />
      ))}
      {canWrite && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <TextInput
            label={t('treatment.sig')}
            description={t('treatment.sig_hint')}
            autoComplete="off"
            spellCheck={false}
            maxLength={300}
            value={line}
            error={missing.length > 0 ? t(`treatment.sig_missing_${missing[0]}`) : undefined}
            onChange={(e) => {
              setLine(e.currentTarget.value);
              setMissing([]);
            }}
          />
          <p className={`muted ${classes.preview}`} aria-live="polite">
            {line && preview ? <SigText row={preview} /> : ' '}
          </p>
        </form>
      )}
      {rows.length > 0 && (
        <>
          <ul className={classes.chosen}>
            {rows.map((row, at) => (
              <li key={`${row.medicine} ${row.frequency}`}>
                <span>
                  <strong>{row.medicine}</strong> <SigText row={row} />
                </span>
                <Button
                  compact
                  variant="subtle"
                  onClick={() => setRows(rows.filter((_, i) => i !== at))}
                  aria-label={t('treatment.remove', { what: row.medicine })}
                >
                  ×
                </Button>
              </li>
            ))}
          </ul>
          {warned && (
            <Notice kind="danger" role="alert" title={t('treatment.warned')}>
              <ul>
                {error.body.errors?.map((one) => (
                  <li key={`${one.pointer} ${one.detail}`}>{one.detail}</li>
                ))}
              </ul>
              <TextInput
                label={t('treatment.override')}
                value={reason}
                maxLength={500}
                onChange={(e) => setReason(e.currentTarget.value)}
              />
            </Notice>
          )}
          {error !== undefined && !warned && <ErrorState error={error} />}
          <Button onClick={issue} loading={pending} disabled={warned && reason.trim().length < 3}>
            {t(warned ? 'treatment.issue_anyway' : 'treatment.issue', { count: rows.length })}
          </Button>
        </>
      )}
      {!canWrite && issued.length === 0 && <p className="muted">{t('treatment.no_prescription')}</p>}
    </section>
  );
}

function SigText({ row }: { row: SigRow }) {
  const { t } = useTranslation();
  const parts = [row.dose, row.frequency];
  if (row.duration_days) parts.push(t('treatment.for_days', { count: row.duration_days }));
  parts.push(t('treatment.quantity', { count: row.quantity }));
  if (row.instructions) parts.push(row.instructions);
  return <span className="muted">{parts.join(' · ')}</span>;
}

function Issued({ prescription }: { prescription: Prescription }) {
  const { t } = useTranslation();
  return (
    <div className={classes.issued} data-gone={prescription.superseded_by ? '' : undefined}>
      <ul>
        {prescription.items.map((item) => (
          <li key={item.medicine}>{medicineLine(item)}</li>
        ))}
      </ul>
      <LinkButton compact variant="default" to="/prescriptions/$id" params={{ id: String(prescription.id) }}>
        {t('treatment.print')}
      </LinkButton>
    </div>
  );
}
