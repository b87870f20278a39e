// The doctors of a hospital, those whom patients do not find too, and how one of them is brought back.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/client';
import type { DoctorProfile, PracticeInput, RosterDoctor, User } from '../../api/types';
import { listKey } from './more_list';

export const rosterStatuses = ['bookable', 'inactive', 'pending', 'closed'] as const;

/**
 * What makes a doctor bookable again: the entry is active, and the practices that were closed are open with the fee
 * and department they had. Undefined: nothing to bring back, or only the doctor's page can (no practice is left).
 */
export function bodyToBringBack(d: RosterDoctor, user: Pick<User, 'hospital_id'>, hospital?: number) {
  if (d.bookable) return undefined;
  const own = d.practices.filter((p) => user.hospital_id === undefined || p.hospital_id === user.hospital_id);
  const wanted = own.filter((p) => p.is_active || hospital === undefined || p.hospital_id === hospital);
  if (wanted.length === 0) return undefined;
  const practices = wanted.map(
    ({ hospital_id, department_id, fee }): PracticeInput => ({ hospital_id, department_id, fee, is_active: true }),
  );
  return { status: 'active' as const, practices };
}

export function useBringBack(d: RosterDoctor, user: User, hospital: number | undefined, onBack: () => void) {
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const body = bodyToBringBack(d, user, hospital);
  const send = async () => {
    setPending(true);
    setError(undefined);
    try {
      await request<DoctorProfile>('PUT', `/api/doctors/${d.id}`, { body, ifMatch: `"${d.version}"` });
      onBack();
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
    await client.invalidateQueries({ queryKey: listKey('doctors') });
  };
  return { bringBack: body && send, pending, error };
}
