// The search's whole state is the URL: it can be shared, bookmarked and gone back to.
import type { DoctorQuery } from '../../api/types';

export const sorts = ['relevance', 'first_free', 'rating', 'fee', 'distance', 'name'] as const;
export type Sort = (typeof sorts)[number];
export const radii = [2, 5, 10, 25, 50] as const;
export const frees = ['today', 'week'] as const;

export interface SearchParams {
  q?: string;
  city?: number;
  spec?: number;
  pin?: string;
  km?: number;
  lang?: string;
  /** The highest fee, in whole units of the currency. */
  fee?: number;
  rating?: number;
  free?: (typeof frees)[number];
  sort?: Sort;
}

const positive = (value: unknown) => (Number(value) > 0 ? Number(value) : undefined);
const words = (value: unknown) => {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, 100) : '';
  return text || undefined;
};
const oneOf = <T extends string>(all: readonly T[], value: unknown) => all.find((one) => one === value);

export function searchParamsRead(raw: Record<string, unknown>): SearchParams {
  return {
    q: words(raw.q),
    city: positive(raw.city),
    spec: positive(raw.spec),
    pin: words(raw.pin),
    km: positive(raw.km),
    lang: words(raw.lang),
    fee: positive(raw.fee),
    rating: positive(raw.rating),
    free: oneOf(frees, raw.free),
    sort: oneOf(sorts, raw.sort),
  };
}

export const radiusDefault = 10;

/** The same state as the API's query; dates are instants, from now to the end of the wished span. */
export function doctorQuery(params: SearchParams, now = Date.now()): DoctorQuery {
  const days = params.free === 'today' ? 1 : params.free === 'week' ? 7 : undefined;
  const minute = Math.floor(now / 60_000) * 60_000;
  return {
    keyword: params.q,
    city_id: params.city,
    speciality_id: params.spec,
    postal_code: params.pin,
    radius_km: params.pin ? (params.km ?? radiusDefault) : undefined,
    language: params.lang,
    fee_max_minor: params.fee ? params.fee * 100 : undefined,
    rating_min: params.rating,
    available_from: days ? new Date(minute).toISOString() : undefined,
    available_to: days ? new Date(minute + days * 86_400_000).toISOString() : undefined,
    sort: params.sort ?? (params.pin ? 'distance' : undefined),
    limit: 10,
  };
}
