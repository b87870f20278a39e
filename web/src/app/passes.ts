// Confirmations kept on this device, so that they can be shown at the desk without a network. Only what the server
// said was booked is kept, with the moment it said so; a sign-out takes everything away.
import type { Appointment, Hospital, Instant } from '../api/types';

export interface Pass {
  appointment: Appointment;
  /** When the server said so. */
  saved_at: Instant;
  /** Where to go. */
  hospital?: Hospital;
}

const storageKey = 'fairward.passes';
const keptAfterEndMs = 86_400_000;
const passesMax = 20;

export function passesRead(now = Date.now()): Pass[] {
  try {
    const all: Pass[] = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return all.filter((p) => Date.parse(p.appointment.ends_at) + keptAfterEndMs > now);
  } catch {
    return [];
  }
}

function passesWrite(passes: Pass[]) {
  try {
    if (passes.length > 0) localStorage.setItem(storageKey, JSON.stringify(passes));
    else localStorage.removeItem(storageKey);
  } catch {
    // Without storage there is no pass; the page with the network shows the same.
  }
}

export const passFind = (id: number | string) => passesRead().find((p) => String(p.appointment.id) === String(id));

/** Adds where to go to what is kept. */
export function passPlace(id: number, hospital: Hospital) {
  passesWrite(passesRead().map((p) => (p.appointment.id === id ? { ...p, hospital } : p)));
}

const isCertain = (a: Appointment) => a.status === 'booked' || a.status === 'arrived';

/** Keeps what is booked, forgets what no longer is. */
export function passesKeep(appointments: Appointment[], now = Date.now()) {
  const told = new Set(appointments.map((a) => a.id));
  const known = passesRead(now);
  const others = known.filter((p) => !told.has(p.appointment.id));
  const fresh = appointments.filter(isCertain).map((appointment) => ({
    appointment,
    saved_at: new Date(now).toISOString(),
    hospital: known.find((p) => p.appointment.id === appointment.id)?.hospital,
  }));
  const soonest = (a: Pass, b: Pass) => a.appointment.starts_at.localeCompare(b.appointment.starts_at);
  const kept = [...fresh, ...others].filter((p) => Date.parse(p.appointment.ends_at) + keptAfterEndMs > now);
  passesWrite(kept.sort(soonest).slice(0, passesMax));
  if (fresh.length > 0) workerStart();
}

export const passesForget = () => passesWrite([]);

let started = false;
/** The worker keeps the pages themselves; it is wanted only by who has something to show. */
function workerStart() {
  if (started || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  started = true;
  navigator.serviceWorker
    .register('/sw.js')
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => registration.active?.postMessage('refresh'))
    .catch(() => undefined);
}
