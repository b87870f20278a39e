import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Doctor } from '../../api/types';

export function useDoctor(id: number | string | undefined) {
  return useQuery({
    queryKey: ['doctor', String(id)],
    queryFn: ({ signal }) => get<Doctor>(`/api/doctors/${id}`, undefined, signal),
    enabled: id !== undefined,
    staleTime: 60_000,
  });
}
