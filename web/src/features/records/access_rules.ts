// Who looked at a record, told in words and gathered. Pure.
import type { RecordAccess } from '../../api/types';

/** The words for what was done; the operation itself is the server's name of it. */
export function deedKey(operation: string, exists: (key: string) => boolean) {
  const own = `looked.did_${operation}`;
  if (exists(own)) return own;
  return /_(get|list)$/.test(operation) ? 'looked.did_read' : 'looked.did_write';
}

export interface Looks {
  /** The newest of them. */
  one: RecordAccess;
  count: number;
}

/** What somebody did again and again within a day is one line, of the newest. */
export function gathered(items: RecordAccess[], deedOf: (operation: string) => string): Looks[] {
  const lines = new Map<string, Looks>();
  for (const one of items) {
    const key = [one.name, one.role, one.purpose, one.at.slice(0, 10), deedOf(one.operation)].join('\n');
    const same = lines.get(key);
    if (same) same.count += 1;
    else lines.set(key, { one, count: 1 });
  }
  return [...lines.values()];
}
