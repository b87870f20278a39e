// What the signed-in person has been told: how much of it is new, kept by events; and the marks of what was read.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get, request } from '../../api/client';
import { useLive } from '../../api/live';
import type { NotificationList } from '../../api/types';

export const inboxKey = ['me', 'inbox'] as const;
const lookEveryMs = 120_000;

/** How many are unread; the server counts to a hundred. */
export function useUnread(userId: number) {
  const client = useQueryClient();
  useLive([`notification/${userId}`], () => client.invalidateQueries({ queryKey: inboxKey }));
  return useQuery({
    queryKey: [...inboxKey, 'unread'],
    queryFn: ({ signal }) => get<NotificationList>('/api/me/notifications', { limit: 1 }, signal),
    select: (list) => list.unread,
    refetchInterval: lookEveryMs,
    staleTime: 10_000,
  }).data;
}

export function useReadMarks() {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: inboxKey });
  const one = async (id: number) => {
    await request('PUT', `/api/me/notifications/${id}/read`);
    await done();
  };
  const upTo = async (id: number) => {
    await request('PUT', '/api/me/notifications/read', { body: { up_to: id } });
    await done();
  };
  return { one, upTo };
}
