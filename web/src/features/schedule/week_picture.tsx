// The week drawn from the shifts, for the eye only: the list of shifts says the same in words.
import { useLocale } from '../../app/i18n';
import classes from './schedule.module.css';
import { type DraftShift, minuteOf } from './schedule_rules';
import { weekdayName } from './shift_text';

export function WeekPicture({ shifts }: { shifts: DraftShift[] }) {
  const locale = useLocale();
  const sound = shifts.filter((s) => minuteOf(s.ends) > minuteOf(s.starts));
  const first = Math.floor(Math.min(8 * 60, ...sound.map((s) => minuteOf(s.starts))) / 60);
  const last = Math.ceil(Math.max(18 * 60, ...sound.map((s) => minuteOf(s.ends))) / 60);
  const share = (minute: number) => ((minute - first * 60) / ((last - first) * 60)) * 100;
  const step = last - first > 12 ? 4 : 2;
  const hours = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
  return (
    <div className={classes.week} aria-hidden="true">
      <div className={classes.hours}>
        {hours.map((hour) => (
          <span key={hour} style={{ insetInlineStart: `${share(hour * 60)}%` }} className="numbers">
            {hour}
          </span>
        ))}
      </div>
      {[1, 2, 3, 4, 5, 6, 7].map((day) => (
        <div key={day} className={classes.weekRow}>
          <span>{weekdayName(day, locale)}</span>
          <div className={classes.track}>
            {sound
              .filter((s) => s.weekdays.includes(day))
              .map((s) => (
                <div
                  key={s.key}
                  className={classes.block}
                  style={{
                    insetInlineStart: `${share(minuteOf(s.starts))}%`,
                    width: `${share(minuteOf(s.ends)) - share(minuteOf(s.starts))}%`,
                  }}
                />
              ))}
          </div>
        </div>
      ))}
    </div>
  );
}
