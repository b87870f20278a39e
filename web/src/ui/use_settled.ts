// What is typed, once nothing was typed for a moment: what the server is asked for.
import { useEffect, useState } from 'react';

export function useSettled(typed: string, pauseMs: number) {
  const [settled, setSettled] = useState(typed.trim());
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [typed, pauseMs]);
  return settled;
}
