// A hold and the appointment it may become, watched together. The server alone says what is booked.
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/client';
import type { Appointment, Hold } from '../../api/types';
import { useWatched, type Watched } from '../../api/watch';

/** Still moving: waits for a payment, or for what the gateway says about one. */
const open = new Set(['requested', 'captured', 'refund_due']);
const moving = (a: Appointment) => a.status === 'pending' || open.has(a.payment?.status ?? '');
const topicsOf = ({ id }: Appointment) => [`hold/${id}`, `appointment/${id}`];

export function useHold(id: string) {
  const appointment = useWatched<Appointment>(`/api/appointments/${id}`, topicsOf, moving);
  const watched = appointment.data?.data;
  // The hold bears the server's clock; asked again whenever the appointment changed.
  const hold = useQuery({
    queryKey: ['hold', id, watched?.status, watched?.payment?.status, watched?.version],
    queryFn: async ({ signal }): Promise<Watched<Hold>> => await request<Hold>('GET', `/api/holds/${id}`, { signal }),
    enabled: watched !== undefined,
    placeholderData: (old) => old,
    refetchOnWindowFocus: 'always',
  });
  return {
    appointment: watched,
    refetch: appointment.refetch,
    isPending: appointment.isPending,
    error: appointment.error,
    expiresAt: hold.data?.data.expires_at ?? watched?.expires_at,
    price: watched?.price ?? hold.data?.data.price,
    clockOffsetMs: hold.data?.clockOffsetMs ?? appointment.data?.clockOffsetMs ?? 0,
    clockKnown: hold.isFetched,
  };
}
