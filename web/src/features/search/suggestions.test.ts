import { describe, expect, it } from 'vitest';
import type { Suggestion } from '../../api/types';
import { searchAfter } from './suggestions';

const dentist: Suggestion = { kind: 'speciality', id: 9, name: 'Dentist', doctors: 2 };
const delhi: Suggestion = { kind: 'city', id: 2, name: 'Delhi', detail: 'Delhi', doctors: 20 };
const clinic: Suggestion = { kind: 'hospital', id: 4, name: 'City Care Clinic', detail: 'Mumbai' };

describe('search after a suggestion', () => {
  it.each([
    ['a complaint becomes its speciality', dentist, [dentist], 'tooth pain', { spec: 9, q: undefined }],
    ['a city becomes the city', delhi, [delhi], 'del', { city: 2, q: undefined }],
    ['one word was one meaning', delhi, [dentist, delhi], 'dilli', { city: 2, q: undefined }],
    ['what else was said stays', dentist, [dentist, delhi], ' tooth  pain del ', { spec: 9, q: 'tooth pain del' }],
    ['a hospital is searched by its name', clinic, [clinic], 'city c', { q: 'City Care Clinic' }],
  ] as const)('%s', (_, chosen, all, typed, wanted) => {
    expect(searchAfter(chosen, [...all], typed)).toEqual(wanted);
  });
});
