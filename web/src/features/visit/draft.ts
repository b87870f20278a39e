// What the doctor writes, as the form holds it, and as the server takes it. Pure.
import type { Diagnosis, TreatmentUpdate, VisitNote, Vitals } from '../../api/types';

export const texts = ['complaint', 'examination', 'notes', 'advice'] as const;
export type TextName = (typeof texts)[number];
export const vitalNames = [
  'temperature_c',
  'pulse',
  'systolic',
  'diastolic',
  'saturation',
  'respiration',
  'weight_kg',
  'height_cm',
] as const;
export type VitalName = (typeof vitalNames)[number];

export interface Draft {
  texts: Record<TextName, string>;
  vitals: Record<VitalName, string>;
  diagnoses: Diagnosis[];
  followUpOn: string;
  /** What this form has no field for, kept as it is. */
  rest: Pick<TreatmentUpdate, 'history'>;
}

const each = <Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;

export function draftOf(note: VisitNote | undefined): Draft {
  return {
    texts: each(texts, (name) => note?.[name] ?? ''),
    vitals: each(vitalNames, (name) => String(note?.vitals?.[name] ?? '')),
    diagnoses: note?.diagnoses ?? [],
    followUpOn: note?.follow_up?.on ?? '',
    rest: { history: note?.history },
  };
}

/** Decimal commas are understood; what is no number is left out, and the field says so. */
export function vitalRead(typed: string): number | undefined {
  const value = Number(typed.trim().replace(',', '.'));
  return typed.trim() && Number.isFinite(value) ? value : undefined;
}

export function bodyOf(draft: Draft): TreatmentUpdate {
  const vitals: Vitals = {};
  for (const name of vitalNames) {
    const value = vitalRead(draft.vitals[name]);
    if (value !== undefined) vitals[name] = value;
  }
  const body: TreatmentUpdate = { ...draft.rest };
  for (const name of texts) if (draft.texts[name].trim()) body[name] = draft.texts[name];
  if (Object.keys(vitals).length > 0) body.vitals = vitals;
  if (draft.diagnoses.length > 0)
    body.diagnoses = draft.diagnoses.map(({ code, words, kind }) => ({ code, words, kind }));
  if (draft.followUpOn) body.follow_up = { on: draft.followUpOn };
  return body;
}

/** Body mass index, when weight and height are there. */
export function bmiOf(draft: Draft): string | undefined {
  const [weight, height] = [vitalRead(draft.vitals.weight_kg), vitalRead(draft.vitals.height_cm)];
  return weight && height ? (weight / (height / 100) ** 2).toFixed(1) : undefined;
}
