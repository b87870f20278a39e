// What one should know of the patient before anything else: allergies first, then what lasts, what is taken, what was.
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { Intent } from '../../api/client';
import type { PatientSummary } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText } from '../../app/time';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { ErrorState } from '../../ui/states';
import { personWords } from '../patients/person_words';
import classes from './visit.module.css';

interface RailProps {
  summary: PatientSummary;
  /** The visit that is open; it is not history. */
  here: number;
  canWrite: boolean;
  onChanged: () => void;
}

export function HistoryRail({ summary, here, canWrite, onChanged }: RailProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { patient } = summary;
  const active = summary.problems.filter((p) => p.status === 'active');
  const visits = summary.visits.filter((v) => v.appointment_id !== here);
  return (
    <aside className={`card ${classes.rail}`} aria-label={t('treatment.history')}>
      <div>
        <h2>{patient.name}</h2>
        <p className="muted">{personWords(t, patient)}</p>
      </div>
      <section aria-labelledby="rail-allergies">
        <h3 id="rail-allergies">{t('treatment.allergies')}</h3>
        <ul className={classes.plain}>
          {summary.allergies
            .filter((a) => a.status === 'active')
            .map((a) => (
              <li key={a.id} className={classes.allergy} data-severity={a.severity}>
                ⚠ {a.substance}
                {a.reaction && <span className="muted"> – {a.reaction}</span>}
              </li>
            ))}
          {summary.allergies.length === 0 && <li className="muted">{t('treatment.no_allergies')}</li>}
        </ul>
        {canWrite && (
          <AddEntry
            label={t('treatment.add_allergy')}
            path={`/api/patients/${patient.id}/allergies`}
            bodyOf={(words) => ({ substance: words })}
            onAdded={onChanged}
          />
        )}
      </section>
      <section aria-labelledby="rail-problems">
        <h3 id="rail-problems">{t('treatment.problems')}</h3>
        <ul className={classes.plain}>
          {active.map((p) => (
            <li key={p.id}>
              {p.words} {p.code && <span className="muted numbers">{p.code}</span>}
            </li>
          ))}
          {active.length === 0 && <li className="muted">{t('treatment.no_problems')}</li>}
        </ul>
        {canWrite && (
          <AddEntry
            label={t('treatment.add_problem')}
            path={`/api/patients/${patient.id}/problems`}
            bodyOf={(words) => ({ words })}
            onAdded={onChanged}
          />
        )}
      </section>
      <section aria-labelledby="rail-medicines">
        <h3 id="rail-medicines">{t('treatment.medicines')}</h3>
        <ul className={classes.plain}>
          {summary.medicines.map((m) => (
            <li key={`${m.prescription_id}${m.medicine}`}>
              {m.medicine} <span className="muted">{m.frequency}</span>
            </li>
          ))}
          {summary.medicines.length === 0 && <li className="muted">{t('treatment.no_medicines')}</li>}
        </ul>
      </section>
      <section aria-labelledby="rail-visits">
        <h3 id="rail-visits">{t('treatment.visits')}</h3>
        <ul className={classes.plain}>
          {visits.map((v) => (
            <li key={v.appointment_id}>
              <Link to="/doc/visit/$id" params={{ id: String(v.appointment_id) }}>
                {dateText(v.starts_at.slice(0, 10), locale, { day: 'numeric', month: 'short', year: 'numeric' })}
              </Link>{' '}
              <span className="muted">{v.diagnoses.map((d) => d.words).join(', ') || v.doctor_name}</span>
            </li>
          ))}
          {visits.length === 0 && <li className="muted">{t('treatment.first_visit')}</li>}
        </ul>
        {canWrite && (
          <Link to="/doc/patients/$id" params={{ id: String(patient.id) }}>
            {t('treatment.whole_history')}
          </Link>
        )}
      </section>
    </aside>
  );
}

interface AddEntryProps {
  label: string;
  path: string;
  bodyOf: (words: string) => object;
  onAdded: () => void;
}

function AddEntry({ label, path, bodyOf, onAdded }: AddEntryProps) {
  const { t } = useTranslation();
  const intent = useRef(new Intent());
  const [words, setWords] = useState<string>();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  if (words === undefined)
    return (
      <Button compact variant="subtle" onClick={() => setWords('')}>
        + {label}
      </Button>
    );
  const add = async () => {
    if (!words.trim()) return setWords(undefined);
    setPending(true);
    setError(undefined);
    try {
      await intent.current.post(path, bodyOf(words.trim()));
      setWords(undefined);
      onAdded();
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <form
      className={classes.adding}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextInput
        label={label}
        autoFocus
        maxLength={300}
        autoComplete="off"
        value={words}
        onChange={(e) => setWords(e.currentTarget.value)}
        onKeyDown={(e) => e.key === 'Escape' && setWords(undefined)}
      />
      <Button type="submit" compact loading={pending}>
        {t('treatment.add')}
      </Button>
      {error !== undefined && <ErrorState error={error} />}
    </form>
  );
}
