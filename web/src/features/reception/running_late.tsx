// "I am 20 minutes late": said once, and the display, the desk and the patients who wait know it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get, request } from '../../api/client';
import type { Board, DoctorProfile } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Select } from '../../ui/fields';
import { ErrorState } from '../../ui/states';
import { useAction } from '../account/use_action';
import classes from './reception.module.css';

const mostMinutes = 120;
const step = 5;

export function RunningLate({ doctor }: { doctor: DoctorProfile }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<number>();
  const open = doctor.practices;
  const hospital = chosen ?? open[0]?.hospital_id;
  const key = ['board', hospital, doctor.id, 'delay'];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get<Board>('/api/reception/board', { hospital_id: hospital, doctor_id: doctor.id, limit: 1 }, signal),
    enabled: hospital !== undefined,
    staleTime: 0,
  });
  const told = query.data?.delays.find((one) => one.doctor_id === doctor.id)?.minutes;
  if (hospital === undefined) return null;
  return (
    <section className={`card no-print ${classes.delay}`} aria-labelledby="running-late">
      <div>
        <h2 id="running-late" className={classes.delayTitle}>
          {t('late.title')}
        </h2>
        <p className="muted">{t('late.text')}</p>
      </div>
      {open.length > 1 && (
        <Select label={t('late.where')} value={hospital} onChange={(e) => setChosen(Number(e.currentTarget.value))}>
          {open.map((one) => (
            <option key={one.hospital_id} value={one.hospital_id}>
              {one.hospital_name}
            </option>
          ))}
        </Select>
      )}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && <Slider key={`${hospital} ${told}`} doctor={doctor.id} hospital={hospital} told={told} of={key} />}
    </section>
  );
}

interface SliderProps {
  doctor: number;
  hospital: number;
  told?: number;
  of: unknown[];
}

function Slider({ doctor, hospital, told, of }: SliderProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const action = useAction();
  const id = useId();
  const [minutes, setMinutes] = useState(Math.min(mostMinutes, told ?? 0));
  const words = (value: number) => (value === 0 ? t('late.none') : t('late.value', { count: value }));
  const say = () =>
    action.act(async () => {
      await request('POST', `/api/doctors/${doctor}/delays`, { body: { hospital_id: hospital, minutes } });
      await client.invalidateQueries({ queryKey: of });
    });
  return (
    <form
      className={classes.delayForm}
      onSubmit={(event) => {
        event.preventDefault();
        if (!action.pending) say();
      }}
    >
      <label htmlFor={id}>{t('late.minutes')}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={mostMinutes}
        step={step}
        value={minutes}
        aria-valuetext={words(minutes)}
        onChange={(e) => setMinutes(Number(e.currentTarget.value))}
      />
      <output htmlFor={id} className="numbers">
        {words(minutes)}
      </output>
      <Button type="submit" variant="default" loading={action.pending} disabled={minutes === (told ?? 0)}>
        {t('late.say')}
      </Button>
      <p role="status" className={classes.delayTold}>
        {told === undefined ? '' : told === 0 ? t('late.in_time') : t('late.now', { count: told })}
      </p>
      {action.error !== undefined && <ErrorState error={action.error} />}
    </form>
  );
}
