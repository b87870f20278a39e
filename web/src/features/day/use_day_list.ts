// The appointments of a week from a day on: of the signed-in doctor, or of a hospital. Kept fresh by events of the
// doctor where there are some, and by a look every half minute.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getAll, request } from '../../api/client';
import { useLive } from '../../api/live';
import type { Appointment, LocalDate } from '../../api/types';
import { addDays } from '../../app/time';
import type { DayAction } from './day_rules';

export const daysShown = 7;
const lookEveryMs = 30_000;

export interface DaySource {
  doctorId?: number;
  hospitalId?: number;
  /** The doctor's own paths; else those of the staff. */
  own?: boolean;
}

export function useDayList(source: DaySource | undefined, from: LocalDate) {
  const client = useQueryClient();
  const key = ['day', source?.own ? 'own' : 'staff', source?.doctorId, source?.hospitalId, from];
  const live = useLive(
    source?.doctorId ? [`doctor/${source.doctorId}`] : [],
    () => client.invalidateQueries({ queryKey: key }),
    { enabled: source !== undefined },
  );
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      getAll<Appointment>(
        source?.own ? '/api/doctor/appointments' : '/api/appointments',
        {
          from,
          to: addDays(from, daysShown - 1),
          limit: 100,
          doctor_id: source?.own ? undefined : source?.doctorId,
          hospital_id: source?.own ? undefined : source?.hospitalId,
        },
        signal,
      ),
    enabled: source !== undefined,
    staleTime: 0,
    refetchInterval: lookEveryMs,
    placeholderData: (old) => old,
  });
  return { query, live, key };
}

/** Changes a status; the row shows it when the server has said so. */
export function useStatusChange(source: DaySource | undefined, key: unknown[]) {
  const client = useQueryClient();
  const [pending, setPending] = useState<number>();
  const [failed, setFailed] = useState<{ id: number; error: unknown }>();
  const [done, setDone] = useState<Appointment>();
  const change = async (appointment: Appointment, status: DayAction) => {
    setPending(appointment.id);
    setFailed(undefined);
    try {
      const path = source?.own ? '/api/doctor/appointments' : '/api/appointments';
      const { data } = await request<Appointment>('PUT', `${path}/${appointment.id}`, { body: { status } });
      client.setQueryData<Appointment[]>(key, (old) => old?.map((a) => (a.id === data.id ? data : a)));
      setDone(data);
    } catch (error) {
      setFailed({ id: appointment.id, error });
    }
    setPending(undefined);
    await client.invalidateQueries({ queryKey: key });
  };
  return { change, pending, failed, done };
}
