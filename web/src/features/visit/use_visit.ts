// The visit with its draft, which saves itself a moment after the last key; closing and correcting are said by hand.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Problem, request } from '../../api/client';
import { resourceKey, useResource } from '../../api/resource';
import type { Treatment, TreatmentUpdate } from '../../api/types';
import { bodyOf, type Draft, draftOf } from './draft';

const quietMs = 1200;
export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed' | 'stale';

export function useVisit(id: string) {
  const path = `/api/treatments/${id}`;
  const client = useQueryClient();
  const query = useResource<Treatment>(path);
  const [draft, setDraft] = useState<Draft>();
  const [state, setState] = useState<SaveState>('clean');
  const [error, setError] = useState<unknown>();
  const etag = useRef<string>(undefined);
  const latest = useRef<Draft>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<Promise<Treatment | undefined>>(undefined);
  const treatment = query.data?.data;

  useEffect(() => {
    if (!query.data) return;
    etag.current = `"${query.data.data.version}"`;
    // What is being written is not replaced under the hands of who writes.
    setDraft((old) => old ?? draftOf(query.data.data.note));
  }, [query.data]);

  const send = useCallback(
    async (more: Partial<TreatmentUpdate>) => {
      clearTimeout(timer.current);
      await running.current;
      const body = { ...bodyOf(latest.current ?? draftOf(undefined)), ...more };
      setState('saving');
      setError(undefined);
      const work = request<Treatment>('PUT', path, { body, ifMatch: etag.current ?? '"0"' })
        .then(({ data }) => {
          etag.current = `"${data.version}"`;
          client.setQueryData(resourceKey(path), { data, etag: etag.current });
          setState('saved');
          return data;
        })
        .catch((problem) => {
          setError(problem);
          setState(problem instanceof Problem && problem.status === 412 ? 'stale' : 'failed');
          return undefined;
        });
      running.current = work;
      return work;
    },
    [path, client],
  );

  const isOpen = treatment?.status !== 'closed';
  const change = (next: Draft) => {
    latest.current = next;
    setDraft(next);
    setState('dirty');
    clearTimeout(timer.current);
    if (isOpen) timer.current = setTimeout(() => send({}), quietMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  /** Before something else is done with the visit. */
  const settle = async () => {
    if (state === 'dirty') await send({});
    await running.current;
  };
  const reload = async () => {
    latest.current = undefined;
    setDraft(undefined);
    setState('clean');
    setError(undefined);
    await query.refetch();
  };
  const refresh = () => client.invalidateQueries({ queryKey: resourceKey(path) });
  return { query, treatment, draft, change, state, error, send, settle, reload, refresh };
}
