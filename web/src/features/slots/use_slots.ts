// The slots of a doctor: two weeks for the overview, one day kept live.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { get } from '../../api/client';
import { useLive } from '../../api/live';
import type { LocalDate, SlotList } from '../../api/types';
import { addDays, dateIn } from '../../app/time';
import { gridDays } from './day_grid';

const refetchPauseMs = 400;
const overviewPauseMs = 8_000;
const pollMs = 8_000;

interface SlotsWanted {
  doctorId: number;
  hospitalId?: number;
  zone: string;
  start: LocalDate;
  today: LocalDate;
  last: LocalDate;
}

const load = (doctorId: number, hospitalId: number | undefined, from: LocalDate, to: LocalDate, signal: AbortSignal) =>
  get<SlotList>(`/api/doctors/${doctorId}/slots`, { from, to, hospital_id: hospitalId }, signal);

export function useOverview({ doctorId, hospitalId, start, today, last }: SlotsWanted) {
  const from = start < today ? today : start;
  const end = addDays(start, gridDays - 1);
  const to = end > last ? last : end;
  return useQuery({
    queryKey: ['slots', doctorId, 'overview', hospitalId, from, to],
    queryFn: ({ signal }) => load(doctorId, hospitalId, from, to, signal),
    staleTime: 30_000,
    enabled: from <= to,
  });
}

export function useDay({
  doctorId,
  hospitalId,
  zone,
  day,
  overview,
}: SlotsWanted & { day: LocalDate; overview?: SlotList }) {
  const client = useQueryClient();
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined);
  const overviewAt = useRef(0);
  useEffect(() => () => clearTimeout(pending.current), []);
  const live = useLive([`doctor/${doctorId}`], () => {
    // Many changes in one moment are one look.
    if (pending.current) return;
    pending.current = setTimeout(() => {
      pending.current = undefined;
      client.invalidateQueries({ queryKey: ['slots', doctorId, 'day'] });
      if (Date.now() - overviewAt.current > overviewPauseMs) {
        overviewAt.current = Date.now();
        client.invalidateQueries({ queryKey: ['slots', doctorId, 'overview'] });
      }
    }, refetchPauseMs);
  });
  return useQuery({
    queryKey: ['slots', doctorId, 'day', hospitalId, day],
    queryFn: ({ signal }) => load(doctorId, hospitalId, day, day, signal),
    staleTime: 5_000,
    refetchInterval: live ? 60_000 : pollMs,
    placeholderData: () => {
      const items = overview?.items.filter((s) => dateIn(zone, s.starts_at) === day);
      return overview && items?.length ? { ...overview, items } : undefined;
    },
  });
}
