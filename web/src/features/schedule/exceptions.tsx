// Days that differ from the week: leave, holidays, extra sessions.
import { useRef, useState } from 'react';
import { Intent, request } from '../../api/client';
import { fieldErrors } from '../../api/resource';
import type { Appointment, DoctorProfile, ExceptionCreate, Schedule, ScheduleException } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateIn, dateText } from '../../app/time';
import { Button } from '../../ui/button';
import { Checkbox, Select, TextInput } from '../../ui/fields';
import { EmptyState, ErrorState } from '../../ui/states';
import { HitList } from './hit_list';
import classes from './schedule.module.css';
import { hitByLeave } from './schedule_rules';

interface ExceptionsProps {
  doctor: DoctorProfile;
  ownHospitalId?: number;
  exceptions: ScheduleException[];
  coming: Appointment[];
  zone: string;
  onChanged: () => Promise<void>;
}

export function Exceptions({ doctor, ownHospitalId, exceptions, coming, zone, onChanged }: ExceptionsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [removing, setRemoving] = useState<number>();
  const [error, setError] = useState<unknown>();
  const today = dateIn(zone, Date.now());
  const shown = exceptions.filter((e) => e.on >= today).sort((a, b) => a.on.localeCompare(b.on));
  const remove = async (id: number) => {
    setRemoving(id);
    setError(undefined);
    try {
      await request('DELETE', `/api/doctors/${doctor.id}/exceptions/${id}`);
      await onChanged();
    } catch (problem) {
      setError(problem);
    }
    setRemoving(undefined);
  };
  return (
    <section className="card stack" aria-labelledby="exceptions">
      <h2 id="exceptions">{t('schedule.exceptions')}</h2>
      {shown.length === 0 && (
        <EmptyState title={t('schedule.no_exceptions')}>{t('schedule.no_exceptions_hint')}</EmptyState>
      )}
      <ul className={classes.list}>
        {shown.map((e) => (
          <li key={e.id} className={classes.exception} data-kind={e.kind}>
            <div>
              <strong className="numbers">
                {dateText(e.on, locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })}
                {' · '}
                {e.starts && e.ends ? `${e.starts.slice(0, 5)}–${e.ends.slice(0, 5)}` : t('schedule.whole_day')}
              </strong>
              <div className="muted">
                {[
                  t(`schedule.kind_${e.kind}`),
                  doctor.practices.length > 1 &&
                    e.hospital_id &&
                    doctor.practices.find((p) => p.hospital_id === e.hospital_id)?.hospital_name,
                  e.slot_minutes && t('schedule.every', { count: e.slot_minutes }),
                  e.reason,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </div>
            <Button
              compact
              variant="subtle"
              color="danger"
              loading={removing === e.id}
              onClick={() => remove(e.id)}
              aria-label={t('schedule.remove_exception', { day: dateText(e.on, locale) })}
            >
              {t('schedule.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {error !== undefined && <ErrorState error={error} />}
      <AddException doctor={doctor} ownHospitalId={ownHospitalId} today={today} coming={coming} onAdded={onChanged} />
    </section>
  );
}

interface AddProps {
  doctor: DoctorProfile;
  ownHospitalId?: number;
  today: string;
  coming: Appointment[];
  onAdded: () => Promise<void>;
}

const kinds = ['leave', 'holiday', 'extra'] as const;

function AddException({ doctor, ownHospitalId, today, coming, onAdded }: AddProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const intent = useRef(new Intent());
  const [kind, setKind] = useState<(typeof kinds)[number]>('leave');
  const [on, setOn] = useState('');
  const [whole, setWhole] = useState(true);
  const [starts, setStarts] = useState('09:00');
  const [ends, setEnds] = useState('12:00');
  const [minutes, setMinutes] = useState(10);
  const [hospital, setHospital] = useState(ownHospitalId ?? doctor.practices[0]?.hospital_id);
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [added, setAdded] = useState<string>();
  const isExtra = kind === 'extra';
  const timed = isExtra || !whole;
  const body: ExceptionCreate = {
    kind,
    on,
    hospital_id: isExtra ? hospital : ownHospitalId,
    starts: timed ? starts : undefined,
    ends: timed ? ends : undefined,
    slot_minutes: isExtra ? minutes : undefined,
    reason: reason.trim() || undefined,
  };
  const hits = on ? hitByLeave(coming, body) : [];
  const fields = fieldErrors(error);
  const known = ['on', 'starts', 'ends', 'hospital_id', 'slot_minutes'].some((name) => fields[name]);
  return (
    <form
      className={`stack ${classes.add}`}
      aria-label={t('schedule.add_exception')}
      onSubmit={async (event) => {
        event.preventDefault();
        setPending(true);
        setError(undefined);
        setAdded(undefined);
        try {
          await intent.current.post<Schedule>(`/api/doctors/${doctor.id}/exceptions`, body);
          await onAdded();
          setAdded(t('schedule.added', { kind: t(`schedule.kind_${kind}`), day: dateText(on, locale) }));
          setReason('');
        } catch (problem) {
          setError(problem);
        }
        setPending(false);
      }}
    >
      <h3>{t('schedule.add_exception')}</h3>
      <div className={classes.fields}>
        <Select
          label={t('schedule.kind')}
          value={kind}
          onChange={(e) => setKind(kinds.find((k) => k === e.currentTarget.value) ?? 'leave')}
        >
          {kinds.map((k) => (
            <option key={k} value={k}>
              {t(`schedule.kind_${k}`)}
            </option>
          ))}
        </Select>
        <TextInput
          type="date"
          required
          min={today}
          label={t('schedule.on')}
          value={on}
          onChange={(e) => setOn(e.currentTarget.value)}
          error={fields.on}
        />
        {isExtra && doctor.practices.length > 1 && ownHospitalId === undefined && (
          <Select
            label={t('slots.hospital')}
            value={hospital}
            onChange={(e) => setHospital(Number(e.currentTarget.value))}
            error={fields.hospital_id}
          >
            {doctor.practices.map((p) => (
              <option key={p.hospital_id} value={p.hospital_id}>
                {p.hospital_name}
              </option>
            ))}
          </Select>
        )}
        {timed && (
          <>
            <TextInput
              type="time"
              step={300}
              required
              label={t('schedule.starts')}
              value={starts}
              onChange={(e) => setStarts(e.currentTarget.value)}
              error={fields.starts}
            />
            <TextInput
              type="time"
              step={300}
              required
              label={t('schedule.ends')}
              value={ends}
              onChange={(e) => setEnds(e.currentTarget.value)}
              error={fields.ends}
            />
          </>
        )}
        {isExtra && (
          <TextInput
            type="number"
            min={5}
            max={240}
            step={5}
            required
            label={t('schedule.slot_minutes')}
            value={minutes}
            onChange={(e) => setMinutes(Number(e.currentTarget.value))}
            error={fields.slot_minutes}
          />
        )}
        <TextInput
          label={t('schedule.reason')}
          maxLength={200}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
      </div>
      {!isExtra && (
        <Checkbox label={t('schedule.whole_day')} checked={whole} onChange={(e) => setWhole(e.currentTarget.checked)} />
      )}
      {hits.length > 0 && <HitList title={t('schedule.hits_leave', { count: hits.length })} items={hits} />}
      {error !== undefined && !known && <ErrorState error={error} />}
      <div className="row">
        <Button type="submit" loading={pending}>
          {t('schedule.add')}
        </Button>
        <span role="status" className={added ? 'saved' : 'hidden'}>
          {added ?? ''}
        </span>
      </div>
    </form>
  );
}
