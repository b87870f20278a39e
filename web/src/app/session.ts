// Who is signed in. The cookie is the server's; the UI only asks "who am I" and keeps the answer in the query cache.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { csrfTokenSet, get, request } from '../api/client';
import type { Session, User } from '../api/types';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await get<Session>('/api/session', undefined, signal);
    csrfTokenSet(session?.csrf_token);
    return session ?? {};
  },
  staleTime: 60_000,
});

const staffRoles = new Set(['front_desk', 'ward_admin', 'hospital_admin', 'platform_admin']);
export const isStaff = (user?: User | null) => user !== undefined && user !== null && staffRoles.has(user.role);

export function useSession() {
  const query = useQuery(sessionQuery);
  return { user: query.data?.user ?? undefined, known: query.isFetched, query };
}

export function useSignIn() {
  const client = useQueryClient();
  return (session: Session) => {
    csrfTokenSet(session.csrf_token);
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' && q.queryKey[0] !== 'directory' });
    client.setQueryData(sessionQuery.queryKey, session);
  };
}

export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await request('DELETE', '/api/session');
    csrfTokenSet(undefined);
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' && q.queryKey[0] !== 'directory' });
    client.setQueryData(sessionQuery.queryKey, {});
  };
}
