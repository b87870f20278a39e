// Two weeks to choose a day from: a grid after the ARIA Authoring Practices with one Tab stop, arrow keys, Home, End,
// PageUp and PageDown. Free, on hold and full are told apart by sign and words.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { LocalDate } from '../../api/types';
import { alongText } from '../../app/direction';
import { useLocale, useTranslation } from '../../app/i18n';
import { addDays, dateText, mondayOf, monthsText, weekdayOf } from '../../app/time';
import type { DayOffer } from './runs';
import classes from './slots.module.css';

export const gridDays = 14;
export const gridStart = (date: LocalDate) => mondayOf(date);

interface DayGridProps {
  /** The Monday the grid begins with. */
  start: LocalDate;
  selected: LocalDate;
  today: LocalDate;
  last: LocalDate;
  offers: Map<LocalDate, DayOffer> | undefined;
  onSelect: (date: LocalDate) => void;
  onStart: (start: LocalDate) => void;
}

/** Where a key leads from a day; undefined for keys the grid does not use. */
export function dayAfterKey(key: string, day: LocalDate): LocalDate | undefined {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1);
    case 'ArrowRight':
      return addDays(day, 1);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'Home':
      return mondayOf(day);
    case 'End':
      return addDays(day, 7 - weekdayOf(day));
    case 'PageUp':
      return addDays(day, -gridDays);
    case 'PageDown':
      return addDays(day, gridDays);
    default:
      return undefined;
  }
}
const clamp = (day: LocalDate, first: LocalDate, last: LocalDate) => (day < first ? first : day > last ? last : day);

export function DayGrid({ start, selected, today, last, offers, onSelect, onStart }: DayGridProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [focused, setFocused] = useState(selected);
  const moved = useRef(false);
  const grid = useRef<HTMLTableElement>(null);
  const end = addDays(start, gridDays - 1);
  const visible = (day: LocalDate) => day >= start && day <= end;
  const tabStop =
    visible(focused) && focused >= today && focused <= last
      ? focused
      : clamp(visible(selected) ? selected : start, today, last);

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${focused}"]`)?.focus();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const wished = dayAfterKey(alongText(event.key), tabStop);
    if (!wished) return;
    event.preventDefault();
    const day = clamp(wished, today, last);
    moved.current = true;
    setFocused(day);
    if (!visible(day)) onStart(gridStart(day));
  };

  const weeks = [0, 7].map((offset) => Array.from({ length: 7 }, (_, i) => addDays(start, offset + i)));
  const caption = monthsText(start, end, locale);
  return (
    <div className={classes.days}>
      <div className={classes.daysHead}>
        <button
          type="button"
          className={classes.step}
          disabled={start <= today}
          onClick={() => onStart(addDays(start, -gridDays))}
          aria-label={t('days.earlier')}
        >
          ‹
        </button>
        <p className={classes.month} aria-live="polite">
          {caption}
        </p>
        <button
          type="button"
          className={classes.step}
          disabled={end >= last}
          onClick={() => onStart(addDays(start, gridDays))}
          aria-label={t('days.later')}
        >
          ›
        </button>
      </div>
      <table
        ref={grid}
        role="grid"
        className={classes.grid}
        aria-label={t('days.label', { caption })}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col" abbr={dateText(day, locale, { weekday: 'long' })}>
                {dateText(day, locale, { weekday: 'short' })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const offer = offers?.get(day);
                const outside = day < today || day > last;
                const state = outside
                  ? 'outside'
                  : offer
                    ? offer.free
                      ? 'free'
                      : offer.held
                        ? 'held'
                        : 'full'
                    : 'none';
                const words = outside
                  ? t('days.outside')
                  : !offers
                    ? t('days.loading')
                    : offer?.free
                      ? t('days.free', { count: offer.free })
                      : offer?.held
                        ? t('days.held', { count: offer.held })
                        : offer
                          ? t('days.full')
                          : t('days.none');
                return (
                  <td key={day} role="gridcell" aria-selected={day === selected}>
                    <button
                      type="button"
                      data-day={day}
                      data-state={state}
                      className={classes.day}
                      tabIndex={day === tabStop ? 0 : -1}
                      aria-current={day === today ? 'date' : undefined}
                      aria-disabled={outside || undefined}
                      onFocus={() => setFocused(day)}
                      onClick={() => !outside && onSelect(day)}
                    >
                      <span className="hidden">
                        {dateText(day, locale, { weekday: 'long', day: 'numeric', month: 'long' })}, {words}
                      </span>
                      <span className={classes.dayNumber} aria-hidden="true">
                        {Number(day.slice(8))}
                      </span>
                      <span className={classes.dayOffer} aria-hidden="true">
                        {state === 'free' && `▢ ${offer?.free}`}
                        {state === 'held' && `◷ ${offer?.held}`}
                        {state === 'full' && '✕'}
                        {state === 'none' && (offers ? '–' : '…')}
                        {state === 'outside' && ' '}
                      </span>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
