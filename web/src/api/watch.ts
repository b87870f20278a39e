// Watches one of the caller's own resources (hold, appointment, wait): events first, a long poll while there are none.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Problem, request } from './client';
import { useLive } from './live';

export interface Watched<T> {
  data: T;
  etag?: string;
  clockOffsetMs?: number;
}

const pollSeconds = 30;
const safetyRefetchMs = 20_000;

export function watchedKey(path: string) {
  return ['watched', path] as const;
}

async function fetchWatched<T>(path: string, signal?: AbortSignal): Promise<Watched<T>> {
  const { data, etag, clockOffsetMs } = await request<T>('GET', path, { signal });
  return { data, etag, clockOffsetMs };
}

export function useWatched<T>(path: string, topicsOf: (data: T) => string[], watching: (data: T) => boolean) {
  const client = useQueryClient();
  const key = watchedKey(path);
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => fetchWatched<T>(path, signal), staleTime: 0 });
  const active = query.data !== undefined && watching(query.data.data);
  const topics = query.data ? topicsOf(query.data.data) : [];
  const live = useLive(topics, () => client.invalidateQueries({ queryKey: key }), {
    enabled: active,
    background: true,
  });
  const etag = query.data?.etag;

  // An event may be lost between two proxies; a slow look now and then costs little.
  useEffect(() => {
    if (!active || !live) return;
    const timer = setInterval(() => client.invalidateQueries({ queryKey: watchedKey(path) }), safetyRefetchMs);
    return () => clearInterval(timer);
  }, [active, live, client, path]);

  useEffect(() => {
    if (!active || live) return;
    const stop = new AbortController();
    const poll = async () => {
      // Leaves the stream a moment to open first.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      let known = etag;
      while (!stop.signal.aborted) {
        try {
          const reply = await request<T>('GET', path, {
            query: { wait: pollSeconds },
            ifNoneMatch: known,
            timeoutMs: (pollSeconds + 10) * 1000,
            signal: stop.signal,
          });
          if (reply.status !== 304) {
            known = reply.etag;
            client.setQueryData<Watched<T>>(watchedKey(path), (old) => ({
              data: reply.data,
              etag: reply.etag,
              clockOffsetMs: reply.clockOffsetMs ?? old?.clockOffsetMs,
            }));
          }
          if (!known) await new Promise((resolve) => setTimeout(resolve, 3000));
        } catch (error) {
          if (stop.signal.aborted) return;
          if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429) {
            client.invalidateQueries({ queryKey: watchedKey(path) });
            return;
          }
          await new Promise((resolve) => setTimeout(resolve, 4000));
        }
      }
    };
    poll();
    return () => stop.abort();
  }, [active, live, client, path, etag]);

  return { ...query, live, refetch: query.refetch };
}
