// The reviews of a doctor, the signed-in patient's own, and writing them. The server alone says what is shown.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get, getAll, Intent, Problem } from '../../api/client';
import type { Appointment, Page, PublicReview, Review } from '../../api/types';

const pageSize = 5;
const ownKey = ['reviews', 'own'] as const;
const doctorKey = (id: number) => ['reviews', 'doctor', id] as const;

export function useDoctorReviews(doctor: number) {
  return useInfiniteQuery({
    queryKey: doctorKey(doctor),
    queryFn: ({ pageParam, signal }) =>
      get<Page<PublicReview>>(`/api/doctors/${doctor}/reviews`, { limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    staleTime: 60_000,
  });
}

/** null: the visit has no review yet. */
export function useOwnReview(appointment: number, enabled: boolean) {
  return useQuery({
    queryKey: ownKey,
    queryFn: ({ signal }) => getAll<Review>('/api/reviews', { limit: 50 }, signal),
    enabled,
    staleTime: 60_000,
    select: (all) => all.find((review) => review.appointment_id === appointment) ?? null,
  });
}

export interface ReviewInput {
  rating: number;
  text: string;
}

/** Writes the visit's review or changes it; answers whether the server has it. */
export function useReviewSave(appointment: Appointment, before: Review | null) {
  const client = useQueryClient();
  const intent = useRef(new Intent());
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ownKey }),
      client.invalidateQueries({ queryKey: doctorKey(appointment.doctor_id) }),
      client.invalidateQueries({ queryKey: ['doctor', String(appointment.doctor_id)] }),
      client.invalidateQueries({ queryKey: ['doctors'] }),
    ]);
  const save = async ({ rating, text }: ReviewInput) => {
    setPending(true);
    setError(undefined);
    const body = { rating, text: text.trim() };
    try {
      if (before) await intent.current.send<Review>('PUT', `/api/reviews/${before.id}`, body);
      else
        await intent.current.post<Review>(`/api/doctors/${appointment.doctor_id}/reviews`, {
          ...body,
          appointment_id: appointment.id,
        });
      await refresh();
      return true;
    } catch (problem) {
      setError(problem);
      // Written in another tab: what is there is shown, and what was typed stays to be saved as a change.
      if (problem instanceof Problem && problem.code === 'reviews.review_exists') await refresh();
      return false;
    } finally {
      setPending(false);
    }
  };
  return { save, pending, error };
}
