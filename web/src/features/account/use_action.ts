// One thing done to the account: whether it is under way, and what the server said against it.
import { useState } from 'react';
import { Problem } from '../../api/client';

export function useAction() {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [fields, setFields] = useState<Record<string, string>>({});
  /** Does it; true when it was done. */
  const act = async (work: () => Promise<void>) => {
    setPending(true);
    setError(undefined);
    setFields({});
    let isDone = true;
    try {
      await work();
    } catch (problem) {
      isDone = false;
      const named = problem instanceof Problem ? (problem.body.errors ?? []) : [];
      setFields(Object.fromEntries(named.map((e) => [e.pointer?.replace(/^\//, '') ?? '', e.detail ?? ''])));
      if (named.length === 0) setError(problem);
    }
    setPending(false);
    return isDone;
  };
  return { pending, error, fields, setFields, act };
}
