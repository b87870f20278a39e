// Is a concurrent history one that a single object could have produced, one operation after the other, each at some
// moment between its call and its answer? The search of Wing and Gong with the memory of Lowe.
//
// An operation: {start, end, …}, times of one clock. `step(state, operation)` answers the state after it, or undefined
// when the object in that state would not have answered so. States are strings.
export function isLinearizable(operations, initial, step) {
  const ordered = operations.toSorted((a, b) => a.start - b.start);
  const seen = new Set();
  // Depth first over (which operations are done, the state); the set of the done ones as a bit text.
  const stack = [{ done: 0n, state: initial }];
  const all = (1n << BigInt(ordered.length)) - 1n;
  while (stack.length) {
    const { done, state } = stack.pop();
    if (done === all) return true;
    // Next may be whichever was called before the first answer among those that are not done.
    let firstEnd = Infinity;
    for (let i = 0; i < ordered.length && ordered[i].start <= firstEnd; i++) {
      if (!(done & (1n << BigInt(i)))) firstEnd = Math.min(firstEnd, ordered[i].end);
    }
    for (let i = 0; i < ordered.length && ordered[i].start <= firstEnd; i++) {
      const bit = 1n << BigInt(i);
      if (done & bit) continue;
      const next = step(state, ordered[i]);
      if (next === undefined) continue;
      const key = `${(done | bit).toString(36)} ${next}`;
      if (seen.has(key)) continue;
      seen.add(key);
      stack.push({ done: done | bit, state: next });
    }
  }
  return false;
}
