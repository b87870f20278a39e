import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { DoctorProfile } from '../../api/types';

export function useDoctor(id: number | string | undefined) {
  return useQuery({
    queryKey: ['doctor', String(id)],
    queryFn: ({ signal }) => get<DoctorProfile>(`/api/doctors/${id}`, undefined, signal),
    enabled: id !== undefined,
    staleTime: 60_000,
  });
}

/** The signed-in doctor's own entry in the directory. */
export function useOwnProfile() {
  return useQuery({
    queryKey: ['own', 'profile'],
    queryFn: ({ signal }) => get<DoctorProfile>('/api/doctor/profile', undefined, signal),
    staleTime: 60_000,
  });
}
