// Who is signed in. The cookie is the server's; the UI only asks "who am I" and keeps the answer in the query cache.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { csrfTokenSet, get, request } from '../api/client';
import type { Role, Session, User } from '../api/types';
import { passesForget } from './passes';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await get<Session>('/api/session', undefined, signal);
    csrfTokenSet(session?.csrf_token);
    return session ?? {};
  },
  staleTime: 60_000,
});

export const staffRoles: Role[] = ['front_desk', 'ward_admin', 'hospital_admin', 'platform_admin'];
export const scheduleRoles: Role[] = ['ward_admin', 'hospital_admin', 'platform_admin'];
export const adminRoles: Role[] = ['hospital_admin', 'platform_admin'];
export const hasRole = (user: User | null | undefined, roles: Role[]) => Boolean(user && roles.includes(user.role));
export const isStaff = (user?: User | null) => hasRole(user, staffRoles);
/** The front desk adds and does not alter (mission B11); doctors and patients alter what is their own. */
export const mayAlterAppointments = (user?: User | null) => Boolean(user && user.role !== 'front_desk');
/** Where a person begins after a sign-in. */
export const homeOf = (user?: User | null) =>
  user?.role === 'doctor'
    ? '/doc/today'
    : user?.role === 'front_desk'
      ? '/desk'
      : user?.role === 'ward_admin'
        ? '/desk'
        : hasRole(user, adminRoles)
          ? '/admin'
          : '/me';

export function useSession() {
  const query = useQuery(sessionQuery);
  return { user: query.data?.user ?? undefined, known: query.isFetched, query };
}

export function useSignIn() {
  const client = useQueryClient();
  return (session: Session) => {
    // A question asked before the sign-in is answered with nobody.
    client.cancelQueries(sessionQuery);
    csrfTokenSet(session.csrf_token);
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' && q.queryKey[0] !== 'directory' });
    client.setQueryData(sessionQuery.queryKey, session);
  };
}

export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await request('DELETE', '/api/session');
    client.cancelQueries(sessionQuery);
    passesForget();
    csrfTokenSet(undefined);
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' && q.queryKey[0] !== 'directory' });
    client.setQueryData(sessionQuery.queryKey, {});
  };
}
