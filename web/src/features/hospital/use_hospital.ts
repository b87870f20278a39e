import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Hospital } from '../../api/types';

export function useHospital(id: number | undefined) {
  return useQuery({
    queryKey: ['directory', 'hospital', id],
    queryFn: ({ signal }) => get<Hospital>(`/api/hospitals/${id}`, undefined, signal),
    enabled: id !== undefined,
    staleTime: 600_000,
  });
}
