// The arithmetic of the charts, and the tables behind them as files. Pure.

/** The end of the axis: 1, 2 or 5 times a power of ten, at least the greatest value. */
export function niceTop(greatest: number) {
  if (!(greatest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(greatest));
  const step = [1, 2, 5, 10].find((one) => one * power >= greatest) ?? 10;
  return step * power;
}

/** Which of so many labels have room, in even steps. */
export function labelStep(count: number, width: number, labelWidth = 56) {
  return Math.max(1, Math.ceil((count * labelWidth) / Math.max(1, width)));
}

export interface TableData {
  columns: string[];
  rows: (string | number)[][];
}

const cell = (value: string | number) => {
  // What a spreadsheet would take for a formula is text.
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
export const csvOf = ({ columns, rows }: TableData) =>
  `${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

export const spans = [7, 30, 90, 365] as const;
export type Span = (typeof spans)[number];

/** Dates that the server takes: in order, and 400 days at most. */
export function rangeFault(from: string, to: string): 'order' | 'long' | undefined {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (Number.isNaN(days) || days < 0) return 'order';
  return days >= 400 ? 'long' : undefined;
}

/** Departments by name: over every hospital one name stands for many. The most first. */
export function departmentsByName<D extends { name: string; appointments: number; no_shows: number }>(list: D[]) {
  const byName = new Map<string, { name: string; appointments: number; no_shows: number }>();
  for (const { name, appointments, no_shows } of list) {
    const sum = byName.get(name) ?? { name, appointments: 0, no_shows: 0 };
    sum.appointments += appointments;
    sum.no_shows += no_shows;
    byName.set(name, sum);
  }
  return [...byName.values()].sort((a, b) => b.appointments - a.appointments);
}

/** Minutes on average; nothing where nothing was measured. */
export const averageOf = (sum: number, measured: number) => (measured > 0 ? Math.round((sum / measured) * 10) / 10 : 0);
