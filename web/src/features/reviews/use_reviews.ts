// The reviews of a doctor, the signed-in patient's own, and writing them. The server alone says what is shown.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get, Intent, Problem } from '../../api/client';
import type { Appointment, DoctorReviewList, Review } from '../../api/types';
import { watchedKey } from '../../api/watch';

const pageSize = 5;
const ownKey = (visit: number, review?: number) => ['reviews', 'own', visit, review ?? null] as const;
const doctorKey = (id: number) => ['reviews', 'doctor', id] as const;

export function useDoctorReviews(doctor: number) {
  return useInfiniteQuery({
    queryKey: doctorKey(doctor),
    queryFn: ({ pageParam, signal }) =>
      get<DoctorReviewList>(`/api/doctors/${doctor}/reviews`, { limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    staleTime: 60_000,
  });
}

/** null: the visit has no review yet. The appointment says so, and which it is. */
export function useOwnReview({ id, review_id }: Appointment) {
  return useQuery({
    queryKey: ownKey(id, review_id),
    queryFn: async ({ signal }) =>
      review_id ? await get<Review>(`/api/reviews/${review_id}`, undefined, signal) : null,
    staleTime: 60_000,
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
  const take = (review: Review) => {
    client.setQueryData(ownKey(appointment.id, appointment.review_id), review);
    client.setQueryData(ownKey(appointment.id, review.id), review);
  };
  /** Written in another tab: the appointment knows which it is. */
  const takeTheOther = async () => {
    const { review_id } = await get<Appointment>(`/api/appointments/${appointment.id}`);
    if (review_id) take(await get<Review>(`/api/reviews/${review_id}`));
  };
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: watchedKey(`/api/appointments/${appointment.id}`) }),
      client.invalidateQueries({ queryKey: doctorKey(appointment.doctor_id) }),
      client.invalidateQueries({ queryKey: ['doctor', String(appointment.doctor_id)] }),
      client.invalidateQueries({ queryKey: ['doctors'] }),
      client.invalidateQueries({ queryKey: ['me', 'appointments'] }),
    ]);
  const save = async ({ rating, text }: ReviewInput) => {
    setPending(true);
    setError(undefined);
    const body = { rating, text: text.trim() };
    try {
      take(
        before
          ? await intent.current.send<Review>('PUT', `/api/reviews/${before.id}`, body)
          : await intent.current.post<Review>(`/api/doctors/${appointment.doctor_id}/reviews`, {
              ...body,
              appointment_id: appointment.id,
            }),
      );
      await refresh();
      return true;
    } catch (problem) {
      setError(problem);
      // What is there is shown, and what was typed stays to be saved as a change.
      if (problem instanceof Problem && problem.code === 'reviews.review_exists') await takeTheOther();
      return false;
    } finally {
      setPending(false);
    }
  };
  return { save, pending, error };
}
