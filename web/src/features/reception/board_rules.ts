// How the board sorts people, and how long somebody may wait. Pure.
import type { BoardRow } from '../../api/types';

export type Column = 'here' | 'called' | 'expected' | 'done';
export const columns: Column[] = ['here', 'called', 'expected', 'done'];

const columnOf: Record<BoardRow['state'], Column> = {
  arrived: 'here',
  called: 'called',
  booked: 'expected',
  fulfilled: 'done',
  noshow: 'done',
};

/** Those who are here as they are called: by turn, the doctors side by side; all others by time. */
export function columnsOf(rows: BoardRow[]): Record<Column, BoardRow[]> {
  const found: Record<Column, BoardRow[]> = { here: [], called: [], expected: [], done: [] };
  for (const row of rows) found[columnOf[row.state]].push(row);
  const byTime = (a: BoardRow, b: BoardRow) =>
    a.starts_at.localeCompare(b.starts_at) || a.appointment_id - b.appointment_id;
  found.here.sort((a, b) => (a.turn ?? 0) - (b.turn ?? 0) || byTime(a, b));
  found.called.sort((a, b) => (b.called_at ?? '').localeCompare(a.called_at ?? '') || byTime(a, b));
  found.expected.sort(byTime);
  found.done.sort(byTime);
  return found;
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** By any part of the name, or by the number. */
export function matches(row: BoardRow, typed: string) {
  const wanted = fold(typed.trim());
  if (!wanted) return true;
  return String(row.token ?? '') === wanted || fold(row.patient_name).includes(wanted);
}

export type Patience = 'fine' | 'long' | 'too_long';
const longMinutes = 20;
const tooLongMinutes = 45;

/** Minutes that somebody waits beyond the own time: who comes early does not wait yet. */
export function waitedMinutes(row: BoardRow, now: number) {
  if (!row.arrived_at) return 0;
  const since = Math.max(Date.parse(row.arrived_at), Date.parse(row.starts_at));
  return Math.max(0, Math.floor((now - since) / 60_000));
}
export const patienceOf = (minutes: number): Patience =>
  minutes >= tooLongMinutes ? 'too_long' : minutes >= longMinutes ? 'long' : 'fine';
