// One resource that is edited: read with its version (ETag), written back with If-Match. When somebody else was
// faster, the write is refused and the caller shows both versions.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem, request } from './client';

export interface Versioned<T> {
  data: T;
  etag?: string;
}
export const resourceKey = (path: string) => ['resource', path] as const;

export async function versionedGet<T>(path: string, signal?: AbortSignal): Promise<Versioned<T>> {
  const { data, etag } = await request<T>('GET', path, { signal });
  return { data, etag };
}

/** `absent` stands for a resource that is made by the first write: version 0. */
export function useResource<T>(path: string | undefined, absent?: T) {
  return useQuery({
    queryKey: resourceKey(path ?? ''),
    queryFn: async ({ signal }): Promise<Versioned<T>> => {
      try {
        return await versionedGet<T>(path ?? '', signal);
      } catch (error) {
        const isAbsent = error instanceof Problem && error.status === 404;
        if (absent === undefined || !isAbsent) throw error;
        return { data: absent, etag: '"0"' };
      }
    },
    enabled: path !== undefined,
    staleTime: 0,
    // A form in work must not be changed under the hands of who fills it in.
    refetchOnWindowFocus: false,
  });
}

const staleStatuses = new Set([412, 428]);

/** Writes a resource. `theirs` is what the server has now, when it was changed since it was read. */
export function useSave<T, Body>(path: string) {
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [theirs, setTheirs] = useState<Versioned<T>>();
  const [saved, setSaved] = useState(false);
  const save = async (body: Body, etag: string | undefined) => {
    setPending(true);
    setError(undefined);
    setTheirs(undefined);
    setSaved(false);
    try {
      const reply = await request<T>('PUT', path, { body, ifMatch: etag });
      const written = { data: reply.data, etag: reply.etag };
      client.setQueryData(resourceKey(path), written);
      setSaved(true);
      return written;
    } catch (problem) {
      const stale = problem instanceof Problem && staleStatuses.has(problem.status);
      const now = stale ? await versionedGet<T>(path).catch(() => undefined) : undefined;
      if (now) setTheirs(now);
      else setError(problem);
      return undefined;
    } finally {
      setPending(false);
    }
  };
  const settle = () => {
    setTheirs(undefined);
    setError(undefined);
    setSaved(false);
  };
  return { save, pending, error, theirs, saved, settle };
}

/** What the server says about single fields, by the field's name; the rest of the problem goes above the form. */
export function fieldErrors(error: unknown): Record<string, string> {
  const named = error instanceof Problem ? (error.body.errors ?? []) : [];
  return Object.fromEntries(named.map((e) => [String(e.pointer ?? '').replace(/^\//, ''), String(e.detail ?? '')]));
}
