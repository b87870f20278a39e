import { describe, expect, it } from 'vitest';
import { doctorQuery, searchParamsRead } from './search_params';

describe('search params', () => {
  it('keeps what is known and drops the rest', () => {
    expect(searchParamsRead({ q: ' cardio ', city: '3', sort: 'sideways', free: 'week', fee: -4, x: 1 })).toEqual({
      q: 'cardio',
      city: 3,
      free: 'week',
    });
  });
  it('reads a postal code that looks like a number', () =>
    expect(searchParamsRead({ pin: 400001 }).pin).toBe('400001'));
  it('asks by distance when a postal code is given', () => {
    expect(doctorQuery({ pin: '400001' })).toMatchObject({ postal_code: '400001', radius_km: 10, sort: 'distance' });
  });
  it('gives the span of the wished days as instants', () => {
    const query = doctorQuery({ free: 'week' }, Date.parse('2026-12-01T03:30:20Z'));
    expect(query.available_from).toBe('2026-12-01T03:30:00.000Z');
    expect(query.available_to).toBe('2026-12-08T03:30:00.000Z');
  });
  it('sends fees in minor units', () => expect(doctorQuery({ fee: 500 }).fee_max_minor).toBe(50000));
});
