// The time left until a deadline on the server's clock: a ring and digits to see, and sentences at 2 min, 1 min and the
// end to hear (WCAG 2.2.1).

import { useEffect, useState } from 'react';
import { useTranslation } from '../app/i18n';
import { leftText } from '../app/time';
import classes from './countdown.module.css';

export function useLeftMs(deadline: string | undefined, clockOffsetMs = 0) {
  const leftNow = () => (deadline ? Math.max(0, Date.parse(deadline) - (Date.now() + clockOffsetMs)) : 0);
  const [left, setLeft] = useState(leftNow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: leftNow is made of exactly these two
  useEffect(() => {
    setLeft(leftNow());
    const timer = setInterval(() => setLeft(leftNow()), 250);
    return () => clearInterval(timer);
  }, [deadline, clockOffsetMs]);
  return left;
}

export type Warning = 'two_minutes' | 'one_minute' | 'ended';
export function warningOf(leftMs: number, startedMs: number): Warning | undefined {
  if (leftMs <= 0) return 'ended';
  if (leftMs <= 60_000 && startedMs > 60_000) return 'one_minute';
  if (leftMs <= 120_000 && startedMs > 120_000) return 'two_minutes';
  return undefined;
}

const radius = 26;
const around = 2 * Math.PI * radius;

export function Countdown({ leftMs, totalMs, label }: { leftMs: number; totalMs: number; label: string }) {
  const { t } = useTranslation();
  const [startedMs] = useState(leftMs);
  const warning = warningOf(leftMs, startedMs);
  const share = totalMs > 0 ? Math.min(1, leftMs / totalMs) : 0;
  return (
    <div className={classes.countdown} data-warning={warning}>
      <svg viewBox="0 0 60 60" className={classes.ring} aria-hidden="true">
        <circle cx="30" cy="30" r={radius} className={classes.track} />
        <circle
          cx="30"
          cy="30"
          r={radius}
          className={classes.rest}
          strokeDasharray={around}
          strokeDashoffset={around * (1 - share)}
        />
      </svg>
      <div>
        <div className="muted">{label}</div>
        <div className={`${classes.digits} numbers`} role="timer" aria-live="off" data-testid="time-left">
          {leftText(leftMs)}
        </div>
        <div className={classes.words}>{warning ? t(`countdown.${warning}_short`) : ' '}</div>
      </div>
      <div className="hidden" aria-live="polite" data-testid="time-warning">
        {warning ? t(`countdown.${warning}`) : ''}
      </div>
    </div>
  );
}
