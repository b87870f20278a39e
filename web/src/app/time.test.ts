import { describe, expect, it } from 'vitest';
import {
  addDays,
  dateIn,
  dayPartOf,
  daysBetween,
  leftText,
  mondayOf,
  moneyText,
  monthsText,
  timeText,
  weekdayOf,
  zoneDiffers,
  zoneHere,
} from './time';

describe('clinic time', () => {
  it.each([
    ['Asia/Kolkata', '2026-12-01T18:29:00Z', '2026-12-01', '23:59'],
    ['Asia/Kolkata', '2026-12-01T18:30:00Z', '2026-12-02', '00:00'],
    ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01', '01:30'],
    ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01', '01:30'],
    ['America/New_York', '2026-11-02T04:30:00Z', '2026-11-01', '23:30'],
  ])('%s at %s is %s %s', (zone, instant, date, time) => {
    expect(dateIn(zone, instant)).toBe(date);
    expect(timeText(zone, instant, 'en-GB')).toBe(time);
  });

  it('counts days across months and leap years', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2);
    expect(weekdayOf('2026-12-06')).toBe(7);
    expect(mondayOf('2026-12-06')).toBe('2026-11-30');
  });

  it('names one month, or the two that a fortnight touches', () => {
    expect(monthsText('2026-11-02', '2026-11-15', 'en-IN')).toBe('November 2026');
    expect(monthsText('2026-11-23', '2026-12-06', 'en-IN')).toMatch(/^November\s–\sDecember 2026$/);
  });

  it('names the part of the day on the clinic clock', () => {
    expect(dayPartOf('Asia/Kolkata', '2026-12-01T06:29:00Z')).toBe('morning');
    expect(dayPartOf('Asia/Kolkata', '2026-12-01T06:30:00Z')).toBe('afternoon');
    expect(dayPartOf('Asia/Kolkata', '2026-12-01T11:30:00Z')).toBe('evening');
  });

  it('tells when the browser clock shows another time', () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(zoneDiffers(here, '2026-12-01T06:29:00Z')).toBe(false);
    expect(zoneDiffers(here === 'Asia/Tokyo' ? 'UTC' : 'Asia/Tokyo', '2026-12-01T06:29:00Z')).toBe(true);
  });
});

describe('what is left', () => {
  it.each([
    [300_000, '5:00'],
    [299_001, '5:00'],
    [61_000, '1:01'],
    [1, '0:01'],
    [0, '0:00'],
    [-5000, '0:00'],
  ])('%d ms is %s', (ms, text) => expect(leftText(ms)).toBe(text));
});

describe('money', () => {
  it('shows whole amounts without decimals', () =>
    expect(moneyText({ amount_minor: 50000, currency: 'INR' }, 'en-IN')).toBe('₹500'));
  it('keeps decimals that matter', () =>
    expect(moneyText({ amount_minor: 50050, currency: 'INR' }, 'en-IN')).toBe('₹500.50'));
  it('knows currencies without decimals', () =>
    expect(moneyText({ amount_minor: 500, currency: 'JPY' }, 'en')).toBe('¥500'));
  it('is called by its present name', () => {
    expect(zoneHere('Asia/Calcutta')).toBe('Asia/Kolkata');
    expect(zoneHere('America/New_York')).toBe('America/New_York');
  });
});
