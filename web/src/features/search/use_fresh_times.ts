// The times on the cards stay true: when a doctor's slots change, only that doctor is asked for again.
import { useEffect, useRef, useState } from 'react';
import { get } from '../../api/client';
import { useLive } from '../../api/live';
import type { Doctor, Instant } from '../../api/types';

const topicsMax = 30;
const askPauseMs = 1500;

export function useFreshTimes(doctors: Doctor[]) {
  const [fresh, setFresh] = useState<Record<number, Instant[]>>({});
  const changed = useRef(new Set<number>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const topics = doctors.slice(0, topicsMax).map((d) => `doctor/${d.id}`);
  useLive(topics, (topic) => {
    const id = Number(topic.split('/')[1]);
    if (!id) return;
    changed.current.add(id);
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      const ids = [...changed.current];
      changed.current.clear();
      for (const one of ids) {
        const doctor = await get<Doctor>(`/api/doctors/${one}`).catch(() => undefined);
        if (doctor?.next_free) setFresh((old) => ({ ...old, [one]: doctor.next_free ?? [] }));
      }
    }, askPauseMs);
  });
  return fresh;
}
