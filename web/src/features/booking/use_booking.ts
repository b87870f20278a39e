// Starts a hold or a place in line. Without a session the wish is kept for this tab, and done right after the sign-in.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Intent } from '../../api/client';
import type { Hold, Wait } from '../../api/types';
import { sessionQuery, useSession } from '../../app/session';

export interface HoldWish {
  doctor_id: number;
  hospital_id?: number;
  starts_at: string;
  slots?: number;
  reason?: string;
  /** One of the family. */
  patient_id?: number;
}
export interface WaitWish {
  doctor_id: number;
  hospital_id?: number;
  from: string;
  to: string;
  slots?: number;
  patient_id?: number;
}
type Wish = { kind: 'hold'; body: HoldWish } | { kind: 'wait'; body: WaitWish };

const storageKey = 'fairward.wish';
export function wishKeep(wish: Wish) {
  sessionStorage.setItem(storageKey, JSON.stringify(wish));
}
export function wishRead(): Wish | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
export const wishForget = () => sessionStorage.removeItem(storageKey);

export function useBooking() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const intent = useRef(new Intent());
  const [pending, setPending] = useState<'hold' | 'wait'>();
  const [error, setError] = useState<unknown>();
  const busy = useRef(false);

  const start = useCallback(
    async (wish: Wish) => {
      if (busy.current) return;
      busy.current = true;
      setPending(wish.kind);
      setError(undefined);
      try {
        // The press may come before the page knows who is signed in.
        const session = await client.ensureQueryData(sessionQuery);
        if (!session.user) {
          wishKeep(wish);
          const next = window.location.pathname + window.location.search;
          await navigate({ to: '/login', search: { next } });
          return;
        }
        wishForget();
        if (wish.kind === 'hold') {
          const hold = await intent.current.post<Hold>('/api/holds', wish.body);
          await navigate({ to: '/book/$id', params: { id: String(hold.id) } });
        } else {
          const wait = await intent.current.post<Wait>('/api/waits', wish.body);
          await navigate({ to: '/wait/$id', params: { id: String(wait.id) } });
        }
      } catch (problem) {
        setError(problem);
      } finally {
        busy.current = false;
        setPending(undefined);
      }
    },
    [client, navigate],
  );
  return {
    pending,
    error,
    clear: useCallback(() => setError(undefined), []),
    hold: useCallback((body: HoldWish) => start({ kind: 'hold', body }), [start]),
    wait: useCallback((body: WaitWish) => start({ kind: 'wait', body }), [start]),
  };
}

/** Does what was wished before the sign-in, once, when the caller comes back to the same doctor. */
export function useWishAfterSignIn(doctorId: number, booking: ReturnType<typeof useBooking>) {
  const { user } = useSession();
  const done = useRef(false);
  useEffect(() => {
    const wish = wishRead();
    if (!user || done.current || !wish || wish.body.doctor_id !== doctorId) return;
    done.current = true;
    if (wish.kind === 'hold') booking.hold(wish.body);
    else booking.wait(wish.body);
  }, [user, doctorId, booking]);
}
