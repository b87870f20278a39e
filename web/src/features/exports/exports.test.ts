import { describe, expect, it } from 'vitest';
import { isOpen, percentOf } from './use_exports';

describe('exports', () => {
  it.each([
    [{ done: 0, total: 0 }, undefined],
    [{ done: 0, total: 7 }, 0],
    [{ done: 199, total: 200 }, 99],
    [{ done: 200, total: 200 }, 100],
    [{ done: 201, total: 200 }, 100],
  ])('%o is %s percent', (one, percent) => expect(percentOf(one)).toBe(percent));

  it('is open until it is made or never will be', () => {
    expect((['queued', 'running', 'done', 'failed', 'expired'] as const).map((status) => isOpen({ status }))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
