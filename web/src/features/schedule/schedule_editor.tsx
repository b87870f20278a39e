// The hours of one doctor: weekly shifts with the week drawn beside them, limits, leave and extra sessions. The
// doctor's own page and the administrator's page both show it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { getAll } from '../../api/client';
import { resourceKey, useResource, useSave, type Versioned, versionedGet } from '../../api/resource';
import type { Appointment, DoctorProfile, Schedule } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { addDays, dateIn, zoneName } from '../../app/time';
import { Button } from '../../ui/button';
import { Conflict } from '../../ui/conflict';
import { TextInput } from '../../ui/fields';
import { Notice } from '../../ui/notice';
import { ErrorState, Loading } from '../../ui/states';
import { clinicZone } from '../slots/slot_picker';
import { Exceptions } from './exceptions';
import { HitList } from './hit_list';
import classes from './schedule.module.css';
import {
  bodyOf,
  type DraftSchedule,
  type DraftShift,
  draftOf,
  faultsOf,
  hitByShifts,
  isSame,
  newKey,
  slotsAWeek,
} from './schedule_rules';
import { ShiftForm } from './shift_form';
import { shiftText } from './shift_text';
import { WeekPicture } from './week_picture';

export interface ScheduleEditorProps {
  doctor: DoctorProfile;
  /** Only hours of this hospital may be changed; undefined: of all. */
  ownHospitalId?: number;
  /** The doctor's own page reads the own list of appointments. */
  isOwn?: boolean;
}

export function ScheduleEditor(props: ScheduleEditorProps) {
  const path = `/api/doctors/${props.doctor.id}/schedule`;
  const resource = useResource<Schedule>(path, noSchedule(props.doctor.id));
  if (resource.isError) return <ErrorState error={resource.error} onRetry={() => resource.refetch()} />;
  if (!resource.data) return <Loading lines={6} height={56} />;
  return <Editor key={props.doctor.id} {...props} path={path} loaded={resource.data} />;
}

/** A doctor who is new to the directory has no hours until somebody writes the first. */
const noSchedule = (doctor_id: number): Schedule => ({
  doctor_id,
  minimum_notice_minutes: 0,
  max_booking_days: 60,
  shifts: [],
  exceptions: [],
  version: 0,
});

/** What is booked from today on: whom a change of hours would hit. */
function useComing({ doctor, isOwn }: ScheduleEditorProps, zone: string) {
  const today = dateIn(zone, Date.now());
  return useQuery({
    queryKey: ['coming', isOwn ? 'own' : doctor.id, today],
    queryFn: ({ signal }) =>
      getAll<Appointment>(
        isOwn ? '/api/doctor/appointments' : '/api/appointments',
        {
          doctor_id: isOwn ? undefined : doctor.id,
          from: today,
          to: addDays(today, 400),
          status: 'booked',
          limit: 100,
        },
        signal,
      ),
    staleTime: 30_000,
  });
}

interface EditorProps extends ScheduleEditorProps {
  path: string;
  loaded: Versioned<Schedule>;
}

function Editor({ doctor, ownHospitalId, isOwn, path, loaded }: EditorProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const [base, setBase] = useState(loaded);
  const [draft, setDraft] = useState<DraftSchedule>(() => draftOf(loaded.data));
  const [editing, setEditing] = useState<string>();
  const writing = useSave<Schedule, ReturnType<typeof bodyOf>>(path);
  const zone = clinicZone(doctor, ownHospitalId);
  const coming = useComing({ doctor, isOwn }, zone);
  const before = useMemo(() => draftOf(base.data), [base]);
  const changed = !isSame(draft, before);
  const faulty = draft.shifts.some((s) => faultsOf(s, draft.shifts).length > 0);
  const hits = hitByShifts(coming.data ?? [], before.shifts, draft.shifts);
  const mayEdit = (shift: DraftShift) => ownHospitalId === undefined || shift.hospital_id === ownHospitalId;

  const take = (now: Versioned<Schedule>, withDraft: boolean) => {
    setBase(now);
    client.setQueryData(resourceKey(path), now);
    if (withDraft) setDraft(draftOf(now.data));
  };
  const set = (change: Partial<DraftSchedule>) => {
    writing.settle();
    setDraft((old) => ({ ...old, ...change }));
  };
  const setShift = (key: string, change: Partial<DraftShift>) =>
    set({ shifts: draft.shifts.map((s) => (s.key === key ? { ...s, ...change } : s)) });
  const save = async (etag: string | undefined) => {
    const written = await writing.save(bodyOf(draft), etag);
    if (!written) return;
    take(written, true);
    setEditing(undefined);
    client.invalidateQueries({ queryKey: ['slots', doctor.id] });
  };
  const add = () => {
    const shift: DraftShift = {
      key: newKey(),
      hospital_id: ownHospitalId ?? doctor.practices[0]?.hospital_id ?? 0,
      weekdays: [1, 2, 3, 4, 5],
      starts: '09:00',
      ends: '12:00',
      slot_minutes: 10,
    };
    set({ shifts: [...draft.shifts, shift] });
    setEditing(shift.key);
  };
  return (
    <>
      <section className="card stack" aria-labelledby="weekly">
        <div className={classes.head}>
          <h2 id="weekly">{t('schedule.weekly')}</h2>
          <span className="muted numbers">{t('schedule.slots_a_week', { count: slotsAWeek(draft.shifts) })}</span>
        </div>
        <p className="muted">
          {t('schedule.zone', { zone: zoneName(zone, new Date().toISOString(), locale) })} {t('schedule.booked_stay')}
        </p>
        <WeekPicture shifts={draft.shifts} />
        {draft.shifts.length === 0 && <p>{t('schedule.no_shifts')}</p>}
        <ul className={classes.list}>
          {draft.shifts.map((shift) => (
            <li key={shift.key}>
              <ShiftForm
                shift={shift}
                practices={doctor.practices}
                faults={faultsOf(shift, draft.shifts)}
                open={editing === shift.key}
                mayEdit={mayEdit(shift)}
                onOpen={() => setEditing(editing === shift.key ? undefined : shift.key)}
                onChange={(change) => setShift(shift.key, change)}
                onRemove={() => set({ shifts: draft.shifts.filter((s) => s.key !== shift.key) })}
              />
            </li>
          ))}
        </ul>
        <div>
          <Button variant="default" onClick={add}>
            {t('schedule.add_shift')}
          </Button>
        </div>
        <div className={classes.limits}>
          <TextInput
            type="number"
            min={0}
            max={20160}
            label={t('schedule.notice')}
            description={t('schedule.notice_hint')}
            value={draft.minimum_notice_minutes}
            onChange={(e) => set({ minimum_notice_minutes: Math.max(0, Number(e.currentTarget.value)) })}
          />
          <TextInput
            type="number"
            min={1}
            max={400}
            label={t('schedule.days_ahead')}
            description={t('schedule.days_ahead_hint')}
            value={draft.max_booking_days}
            onChange={(e) => set({ max_booking_days: Math.max(1, Number(e.currentTarget.value)) })}
          />
        </div>
        {changed && hits.length > 0 && (
          <HitList title={t('schedule.hits_shifts', { count: hits.length })} items={hits} />
        )}
        {writing.error !== undefined && <ErrorState error={writing.error} />}
        {writing.theirs && (
          <Conflict
            fields={conflictFields(writing.theirs.data, draft)}
            pending={writing.pending}
            onMine={() => save(writing.theirs?.etag)}
            onTheirs={() => {
              if (writing.theirs) take(writing.theirs, true);
              writing.settle();
            }}
          />
        )}
        <div className="save">
          <Button disabled={!changed || faulty} loading={writing.pending} onClick={() => save(base.etag)}>
            {t('schedule.save')}
          </Button>
          {changed && (
            <Button
              variant="default"
              onClick={() => {
                writing.settle();
                setDraft(draftOf(base.data));
                setEditing(undefined);
              }}
            >
              {t('schedule.discard')}
            </Button>
          )}
          <span role="status" className={writing.saved && !changed ? 'saved' : 'hidden'}>
            {writing.saved && !changed ? t('schedule.saved') : ''}
          </span>
          {changed && !faulty && <span className="muted">{t('schedule.unsaved')}</span>}
          {faulty && <Notice kind="warn">{t('schedule.faulty')}</Notice>}
        </div>
      </section>
      {base.data.version > 0 && (
        <Exceptions
          doctor={doctor}
          ownHospitalId={ownHospitalId}
          exceptions={base.data.exceptions}
          coming={coming.data ?? []}
          zone={zone}
          onChanged={async () => take(await versionedGet<Schedule>(path), false)}
        />
      )}
    </>
  );

  function conflictFields(theirs: Schedule, mine: DraftSchedule) {
    const now = draftOf(theirs);
    const lines = (shifts: DraftShift[]) =>
      shifts
        .map((s) => shiftText(s, locale))
        .sort()
        .join('\n');
    return [
      { label: t('schedule.weekly'), theirs: lines(now.shifts), mine: lines(mine.shifts) },
      {
        label: t('schedule.notice'),
        theirs: String(now.minimum_notice_minutes),
        mine: String(mine.minimum_notice_minutes),
      },
      { label: t('schedule.days_ahead'), theirs: String(now.max_booking_days), mine: String(mine.max_booking_days) },
    ];
  }
}
