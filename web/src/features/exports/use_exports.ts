// The caller's own exports: the list, kept by events and looked at often while one is made; and the link of a file.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../../api/client';
import { useLive } from '../../api/live';
import type { Export, Page } from '../../api/types';

export const exportsKey = ['me', 'exports'] as const;
const lookEveryMs = 2_000;
const lookRarelyMs = 15_000;

export const isOpen = (one: Pick<Export, 'status'>) => one.status === 'queued' || one.status === 'running';

/** Of a hundred; nothing while it is not known how much there is. */
export const percentOf = ({ done, total }: Pick<Export, 'done' | 'total'>) =>
  total > 0 ? Math.min(100, Math.floor((done * 100) / total)) : undefined;

export function useExports(userId: number) {
  const client = useQueryClient();
  const live = useLive([`exports/${userId}`], () => client.invalidateQueries({ queryKey: exportsKey }));
  return useQuery({
    queryKey: exportsKey,
    queryFn: ({ signal }) => get<Page<Export>>('/api/exports', { limit: 20 }, signal),
    refetchInterval: (query) =>
      query.state.data?.items.some(isOpen) === true ? (live ? lookRarelyMs : lookEveryMs) : false,
    staleTime: 0,
  });
}

/** A link lasts a quarter of an hour: it is asked for when it is wanted. */
export async function download(id: number) {
  const { url } = await get<Export>(`/api/exports/${id}`);
  if (!url?.startsWith('/api/')) return false;
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
  return true;
}
