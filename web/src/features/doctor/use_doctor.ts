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
