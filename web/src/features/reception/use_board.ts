// The board of a hospital's day, and what the desk does on it. The display's topic tells of arrivals and calls at once;
// bookings and cancellations of the day are seen at the next look.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, request } from '../../api/client';
import { useLive } from '../../api/live';
import type { Arrival, Board, BoardRow } from '../../api/types';

const lookEveryMs = 20_000;
const pageRows = 500;

async function boardAll(query: Record<string, unknown>, signal: AbortSignal): Promise<Board> {
  const first = await get<Board>('/api/reception/board', { ...query, limit: pageRows }, signal);
  for (let next = first.next; next; ) {
    const more = await get<Board>('/api/reception/board', { ...query, limit: pageRows, cursor: next }, signal);
    first.items.push(...more.items);
    next = more.next;
  }
  return first;
}

export function useBoard(hospital: number | undefined, doctor: number | undefined) {
  const client = useQueryClient();
  const key = ['board', hospital, doctor];
  const refresh = () => client.invalidateQueries({ queryKey: key });
  const live = useLive(hospital ? [`display/${hospital}`] : [], refresh, { enabled: hospital !== undefined });
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => boardAll({ hospital_id: hospital, doctor_id: doctor }, signal),
    enabled: hospital !== undefined,
    staleTime: 0,
    refetchInterval: lookEveryMs,
    placeholderData: (old) => old,
  });
  return { query, live, refresh };
}

export interface Deed {
  kind: 'arrived' | 'called';
  name: string;
  token: number;
}

/** One deed at a time; what was done is told when the server has said so. */
export function useDeeds(hospital: number, refresh: () => Promise<void>) {
  const [pending, setPending] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [done, setDone] = useState<Deed>();
  const run = async (id: string, deed: () => Promise<Deed>) => {
    setPending(id);
    setError(undefined);
    try {
      setDone(await deed());
    } catch (problem) {
      setError(problem);
    }
    await refresh();
    setPending(undefined);
  };
  const arrive = (row: BoardRow) =>
    run(`arrive ${row.appointment_id}`, async () => {
      const { data } = await request<Arrival>('PUT', `/api/appointments/${row.appointment_id}/arrival`, { body: {} });
      return { kind: 'arrived', name: row.patient_name, token: data.token };
    });
  const call = (doctor: number, rows: BoardRow[], room: string, row?: BoardRow) =>
    run(row ? `call ${row.appointment_id}` : `next ${doctor}`, async () => {
      const { data } = await request<Arrival>('POST', `/api/doctors/${doctor}/summonses`, {
        body: { hospital_id: hospital, appointment_id: row?.appointment_id, room: room.trim() || undefined },
      });
      const called = row ?? rows.find((one) => one.appointment_id === data.appointment_id);
      return { kind: 'called', name: called?.patient_name ?? '', token: data.token };
    });
  return { arrive, call, pending, error, done };
}
