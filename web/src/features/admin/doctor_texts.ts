// A doctor as the form keeps it: text for every field, a row for every hospital. Pure.
import type { DoctorProfile, PracticeInput } from '../../api/types';

export type DoctorTexts = Record<
  | 'title'
  | 'given_name'
  | 'family_name'
  | 'speciality'
  | 'qualification'
  | 'experience_years'
  | 'languages'
  | 'telephone'
  | 'email'
  | 'status'
  | 'bio',
  string
>;
export interface Row {
  hospital_id: number;
  hospital_name?: string;
  department_id?: number;
  /** In the currency's own unit, as typed. */
  fee: string;
  currency: string;
}

export const textsOf = (d?: DoctorProfile): DoctorTexts => ({
  title: d?.title ?? '',
  given_name: d?.given_name ?? '',
  family_name: d?.family_name ?? '',
  speciality: d?.speciality.name ?? '',
  qualification: d?.qualification ?? '',
  experience_years: d?.experience_years === undefined ? '' : String(d.experience_years),
  languages: d?.languages.join(', ') ?? '',
  telephone: d?.telephone ?? '',
  email: d?.email ?? '',
  status: d?.status ?? 'active',
  bio: d?.bio ?? '',
});

/** Who works for one hospital sees the practice there only; the server leaves the others as they are. */
export const rowsOf = (d: DoctorProfile, ownHospitalId?: number): Row[] =>
  d.practices
    .filter((p) => ownHospitalId === undefined || p.hospital_id === ownHospitalId)
    .map((p) => ({
      hospital_id: p.hospital_id,
      hospital_name: p.hospital_name,
      department_id: p.department_id,
      fee: String(p.fee.amount_minor / 10 ** digitsOf(p.fee.currency)),
      currency: p.fee.currency,
    }));

const digitsOf = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
export const minorOf = (fee: string, currency: string) => Math.round(Number(fee || 0) * 10 ** digitsOf(currency));

export const practicesOf = (rows: Row[]): PracticeInput[] =>
  rows.map((row) => ({
    hospital_id: row.hospital_id,
    department_id: row.department_id,
    fee: { amount_minor: minorOf(row.fee, row.currency), currency: row.currency },
  }));
export const sameRows = (a: Row[], b: Row[]) => JSON.stringify(practicesOf(a)) === JSON.stringify(practicesOf(b));
export const practiceText = (row: Row) => `${row.hospital_name ?? row.hospital_id}: ${row.fee} ${row.currency}`;

/** Only what was changed is sent: what is absent stays. */
export function bodyOf(values: DoctorTexts, changed: readonly (keyof DoctorTexts)[], rows?: Row[]) {
  const body: Record<string, unknown> = {};
  for (const name of changed) {
    const text = values[name].trim();
    if (name === 'experience_years') body[name] = text ? Number(text) : undefined;
    else if (name === 'languages')
      body[name] = text
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean);
    else body[name] = text;
  }
  if (rows) body.practices = practicesOf(rows);
  return body;
}
