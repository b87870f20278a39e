import { describe, expect, it } from 'vitest';
import { averageOf, csvOf, departmentsByName, labelStep, niceTop, rangeFault } from './chart_rules';

describe('charts', () => {
  it.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [7, 10],
    [11, 20],
    [430, 500],
    [5001, 10_000],
    [0.3, 0.5],
  ])('an axis for %d ends at %d', (greatest, top) => expect(niceTop(greatest)).toBeCloseTo(top));
  it('labels as many as there is room for', () => {
    expect(labelStep(5, 600)).toBe(1);
    expect(labelStep(62, 600)).toBe(6);
    expect(labelStep(62, 0)).toBeGreaterThan(62);
  });
  it('writes a table as CSV; nothing in it is a formula', () => {
    const table = { columns: ['Name', 'Count'], rows: [['Heart, "new"', 3] as (string | number)[], ['=1+1', -2]] };
    expect(csvOf(table)).toBe('Name,Count\r\n"Heart, ""new""",3\r\n\'=1+1,-2\r\n');
  });
  it('knows a range that the server refuses', () => {
    expect(rangeFault('2026-01-02', '2026-01-01')).toBe('order');
    expect(rangeFault('', '2026-01-01')).toBe('order');
    expect(rangeFault('2025-01-01', '2026-03-01')).toBe('long');
    expect(rangeFault('2026-01-01', '2026-01-01')).toBeUndefined();
  });
  it('has no average of nothing', () => {
    expect(averageOf(0, 0)).toBe(0);
    expect(averageOf(10, 4)).toBe(2.5);
  });

  it('gathers departments of one name over hospitals, the most first', () => {
    const of = (id: number, name: string, appointments: number) => ({ id, name, appointments, no_shows: 1 });
    expect(departmentsByName([of(1, 'Eye', 5), of(2, 'Heart', 4), of(3, 'Heart', 3)])).toEqual([
      { name: 'Heart', appointments: 7, no_shows: 2 },
      { name: 'Eye', appointments: 5, no_shows: 1 },
    ]);
  });
});
