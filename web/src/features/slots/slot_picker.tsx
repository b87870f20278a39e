// Choosing a time: a day, then n consecutive slots of it. Used for booking, rescheduling and by the front desk.

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Doctor, DoctorProfile, LocalDate, Slot } from '../../api/types';
import { alongText } from '../../app/direction';
import { useLocale, useTranslation } from '../../app/i18n';
import { addDays, type DayPart, dateIn, dateText, dayPartOf, timeText, zoneDiffers, zoneName } from '../../app/time';
import { Select } from '../../ui/fields';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { DayGrid, gridDays, gridStart } from './day_grid';
import { type DayOffer, offersByDay, type RunStatus, runAt, runStatus } from './runs';
import classes from './slots.module.css';
import { useDay, useOverview } from './use_slots';

const slotsMax = 4;
const parts: DayPart[] = ['morning', 'afternoon', 'evening'];

export interface SlotChoice {
  day?: LocalDate;
  hospitalId?: number;
  count: number;
  /** Start of the chosen run. */
  at?: string;
}
export interface Offered {
  day: LocalDate;
  lastDay: LocalDate;
  offer?: DayOffer;
  heldInView: number;
}

interface SlotPickerProps {
  doctor: DoctorProfile;
  choice: SlotChoice;
  onChoice: (change: Partial<SlotChoice>) => void;
  /** The chosen run as long as it is free, undefined otherwise. */
  onRun: (run: Slot[] | undefined) => void;
  onOffered?: (offered: Offered) => void;
  fixedHospital?: boolean;
  fixedCount?: boolean;
}

export const clinicZone = (doctor: Doctor, hospitalId?: number) =>
  (doctor.practices.find((p) => p.hospital_id === hospitalId) ?? doctor.practices[0])?.time_zone ?? 'UTC';

export function SlotPicker({ doctor, choice, onChoice, onRun, onOffered, fixedHospital, fixedCount }: SlotPickerProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const heading = useId();
  const zone = clinicZone(doctor, choice.hospitalId);
  const today = dateIn(zone, Date.now());
  const last = addDays(today, Math.max(1, doctor.max_booking_days) - 1);
  const firstFree = doctor.first_free_at && dateIn(zone, doctor.first_free_at);
  const [start, setStart] = useState(() => gridStart(choice.day ?? firstFree ?? today));
  // The hours of a practice that is closed stay in the schedule: of one open practice only its own are asked for.
  const only = doctor.practices.length === 1 ? doctor.practices[0]?.hospital_id : undefined;
  const from = { doctorId: doctor.id, hospitalId: choice.hospitalId ?? only, zone, start, today, last };
  const overview = useOverview(from);
  const offersInView = useMemo(
    () => overview.data && offersByDay(overview.data.items, zone, choice.count),
    [overview.data, zone, choice.count],
  );
  // Until a day is chosen, the first that has a fitting time is shown.
  const firstFit = [...(offersInView ?? [])].find(([, o]) => o.free > 0)?.[0];
  const wished = choice.day ?? firstFit ?? firstFree ?? today;
  const day = wished < today ? today : wished > last ? last : wished;
  const dayStart = gridStart(day);
  useEffect(() => {
    if (choice.day) setStart(dayStart);
  }, [choice.day, dayStart]);
  const ofDay = useDay({ ...from, day, overview: overview.data });

  const slots = useMemo(() => ofDay.data?.items ?? [], [ofDay.data]);
  const offers = useMemo(() => {
    if (!offersInView || !ofDay.data || ofDay.isPlaceholderData) return offersInView;
    const fresh = offersByDay(ofDay.data.items, zone, choice.count).get(day);
    return fresh && offersInView.has(day) ? new Map(offersInView).set(day, fresh) : offersInView;
  }, [offersInView, ofDay.data, ofDay.isPlaceholderData, zone, choice.count, day]);

  const chosenIndex = slots.findIndex((s) => Date.parse(s.starts_at) === Date.parse(choice.at ?? ''));
  const chosen =
    chosenIndex >= 0 && runStatus(slots, chosenIndex, choice.count) === 'free'
      ? runAt(slots, chosenIndex, choice.count)
      : undefined;
  const chosenKey = chosen?.map((s) => s.starts_at).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run is named by its starts
  useEffect(() => {
    onRun(chosen);
  }, [chosenKey]);
  const lost = choice.at !== undefined && ofDay.data !== undefined && !ofDay.isPlaceholderData && !chosen;

  const offer = offers?.get(day);
  const heldInView = [...(offers?.values() ?? [])].reduce((sum, o) => sum + o.held, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: told again only when a number changes
  useEffect(
    () =>
      onOffered?.({
        day,
        lastDay: addDays(start, gridDays - 1) > last ? last : addDays(start, gridDays - 1),
        offer,
        heldInView,
      }),
    [day, start, last, offer?.free, offer?.held, offer?.all, heldInView],
  );

  const nextFree = [...(offers ?? [])].find(([date, o]) => date > day && o.free > 0)?.[0];
  const reference = slots[0]?.starts_at ?? new Date().toISOString();
  return (
    <div className={classes.picker}>
      <div className={classes.choices}>
        {!fixedHospital && doctor.practices.length > 1 && (
          <Select
            label={t('slots.hospital')}
            value={choice.hospitalId ?? ''}
            onChange={(e) => onChoice({ hospitalId: Number(e.currentTarget.value) || undefined, at: undefined })}
          >
            <option value="">{t('slots.any_hospital')}</option>
            {doctor.practices.map((p) => (
              <option key={p.hospital_id} value={p.hospital_id}>
                {p.hospital_name}
              </option>
            ))}
          </Select>
        )}
        {!fixedCount && (
          <Select
            label={t('slots.length')}
            value={choice.count}
            onChange={(e) => onChoice({ count: Number(e.currentTarget.value) })}
          >
            {Array.from({ length: slotsMax }, (_, i) => i + 1).map((n) => (
              <option key={n} value={n}>
                {t('slots.length_of', { count: n })}
              </option>
            ))}
          </Select>
        )}
      </div>
      <DayGrid
        start={start}
        selected={day}
        today={today}
        last={last}
        offers={offers}
        onStart={setStart}
        onSelect={(date) => onChoice({ day: date, at: undefined })}
      />
      <section aria-labelledby={heading}>
        <div className={classes.slotsHead}>
          <h3 id={heading}>{dateText(day, locale, { weekday: 'long', day: 'numeric', month: 'long' })}</h3>
          <Legend />
        </div>
        <p className={classes.zone}>
          {t(zoneDiffers(zone, reference) ? 'slots.zone' : 'slots.zone_same', {
            zone: zoneName(zone, reference, locale),
          })}
        </p>
        <p role="status" className={lost ? classes.lost : 'hidden'}>
          {lost ? t('slots.lost') : ''}
        </p>
        {ofDay.isPending && <Loading lines={3} height={44} />}
        {ofDay.isError && <ErrorState error={ofDay.error} onRetry={() => ofDay.refetch()} />}
        {ofDay.data && slots.length === 0 && (
          <EmptyState
            title={t('slots.none')}
            actions={
              nextFree && (
                <button
                  type="button"
                  className={classes.jump}
                  onClick={() => onChoice({ day: nextFree, at: undefined })}
                >
                  {t('slots.next_free', { day: dateText(nextFree, locale) })}
                </button>
              )
            }
          />
        )}
        <SlotList
          slots={slots}
          zone={zone}
          count={choice.count}
          doctor={doctor}
          chosen={chosen}
          onChoose={(at) => onChoice({ at })}
        />
        {slots.length > 0 && offer && offer.free === 0 && nextFree && (
          <button type="button" className={classes.jump} onClick={() => onChoice({ day: nextFree, at: undefined })}>
            {t('slots.next_free', { day: dateText(nextFree, locale) })}
          </button>
        )}
      </section>
    </div>
  );
}

const glyphs: Record<RunStatus, string> = { free: '▢', held: '◷', booked: '✕', short: '▢' };

function Legend() {
  const { t } = useTranslation();
  return (
    <ul className={classes.legend} aria-label={t('slots.legend')}>
      {(['free', 'held', 'booked'] as const).map((status) => (
        <li key={status} data-status={status}>
          <span aria-hidden="true">{glyphs[status]}</span> {t(`slots.status_${status}`)}
        </li>
      ))}
    </ul>
  );
}

interface SlotListProps {
  slots: Slot[];
  zone: string;
  count: number;
  doctor: DoctorProfile;
  chosen?: Slot[];
  onChoose: (at: string | undefined) => void;
}

/** One Tab stop for all the times of the day; arrow keys move among them. */
function SlotList({ slots, zone, count, doctor, chosen, onChoose }: SlotListProps) {
  const { t } = useTranslation();
  const [focused, setFocused] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const starts = slots.map((s) => s.starts_at);
  const firstFree = slots.find((_, i) => runStatus(slots, i, count) === 'free')?.starts_at;
  const tabStop = [focused, chosen?.[0]?.starts_at, firstFree, starts[0]].find((at) => at && starts.includes(at));
  const hospitals = new Set(slots.map((s) => s.hospital_id));

  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[data-at]') ?? [])];
    const index = buttons.indexOf(document.activeElement as HTMLElement);
    const target = index < 0 ? undefined : slotAfterKey(alongText(event.key), index, buttons);
    if (target === undefined) return;
    event.preventDefault();
    target.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the buttons inside
    <div ref={list} onKeyDown={onKeyDown} className={classes.parts}>
      {parts.map((part) => {
        const own = slots
          .map((slot, index) => ({ slot, index }))
          .filter(({ slot }) => dayPartOf(zone, slot.starts_at) === part);
        if (own.length === 0) return null;
        const places =
          hospitals.size > 1
            ? doctor.practices.filter((p) => own.some(({ slot }) => slot.hospital_id === p.hospital_id))
            : [];
        return (
          <fieldset key={part} className={classes.part}>
            <legend>
              {t(`slots.${part}`)}
              {places.length > 0 && <span className="muted"> · {places.map((p) => p.hospital_name).join(', ')}</span>}
            </legend>
            <div className={classes.slots}>
              {own.map(({ slot, index }) => (
                <SlotButton
                  key={slot.starts_at}
                  slot={slot}
                  zone={zone}
                  status={runStatus(slots, index, count)}
                  chosen={chosen?.some((s) => s.starts_at === slot.starts_at) ?? false}
                  tabStop={slot.starts_at === tabStop}
                  onFocus={() => setFocused(slot.starts_at)}
                  onChoose={() => onChoose(chosen?.[0]?.starts_at === slot.starts_at ? undefined : slot.starts_at)}
                />
              ))}
            </div>
          </fieldset>
        );
      })}
    </div>
  );
}

/** Left and right go by one, up and down to the nearest button in the row above or below. */
function slotAfterKey(key: string, index: number, buttons: HTMLElement[]) {
  if (key === 'ArrowRight') return buttons[index + 1];
  if (key === 'ArrowLeft') return buttons[index - 1];
  if (key === 'Home') return buttons[0];
  if (key === 'End') return buttons.at(-1);
  const down = key === 'ArrowDown';
  if (!down && key !== 'ArrowUp') return undefined;
  const here = buttons[index]?.getBoundingClientRect();
  if (!here) return undefined;
  const beyond = buttons
    .map((button) => ({ button, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (down ? box.top > here.top + 1 : box.top < here.top - 1));
  const row = beyond.reduce(
    (best, { box }) => (down ? Math.min(best, box.top) : Math.max(best, box.top)),
    down ? Infinity : -Infinity,
  );
  return beyond
    .filter(({ box }) => Math.abs(box.top - row) < 2)
    .sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left))[0]?.button;
}

interface SlotButtonProps {
  slot: Slot;
  zone: string;
  status: RunStatus;
  chosen: boolean;
  tabStop: boolean;
  onFocus: () => void;
  onChoose: () => void;
}

function SlotButton({ slot, zone, status, chosen, tabStop, onFocus, onChoose }: SlotButtonProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const time = timeText(zone, slot.starts_at, locale);
  const words =
    status === 'held' && slot.frees_by
      ? t('slots.held_until', { time: timeText(zone, slot.frees_by, locale) })
      : t(`slots.status_${status}`);
  return (
    <button
      type="button"
      className={classes.slot}
      data-at={slot.starts_at}
      data-status={status}
      aria-pressed={chosen}
      aria-disabled={status !== 'free' || undefined}
      aria-label={`${time}, ${chosen ? t('slots.chosen') : words}`}
      title={words}
      tabIndex={tabStop ? 0 : -1}
      onFocus={onFocus}
      onClick={() => status === 'free' && onChoose()}
    >
      <span className={classes.glyph} aria-hidden="true">
        {chosen ? '▣' : glyphs[status]}
      </span>
      <span className="numbers">{time}</span>
    </button>
  );
}
