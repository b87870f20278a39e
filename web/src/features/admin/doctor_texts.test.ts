import { describe, expect, it } from 'vitest';
import type { DoctorProfile } from '../../api/types';
import { bodyOf, minorOf, rowsOf, sameRows, textsOf } from './doctor_texts';

const doctor = {
  title: 'Dr',
  given_name: 'Asha',
  family_name: 'Rao',
  speciality: { id: 3, name: 'Cardiologist' },
  qualification: 'MBBS',
  experience_years: 7,
  languages: ['English', 'Hindi'],
  bio: '',
  status: 'active',
  practices: [
    { hospital_id: 1, hospital_name: 'One', department_id: 9, fee: { amount_minor: 50_050, currency: 'INR' } },
    { hospital_id: 2, hospital_name: 'Two', fee: { amount_minor: 700, currency: 'JPY' } },
  ],
} as unknown as DoctorProfile;

describe('the doctor form', () => {
  it('sends what was changed and nothing else', () => {
    const values = { ...textsOf(doctor), languages: 'English, , Marathi ', experience_years: '8', bio: ' New ' };
    expect(bodyOf(values, ['languages', 'experience_years', 'bio'])).toEqual({
      languages: ['English', 'Marathi'],
      experience_years: 8,
      bio: 'New',
    });
  });

  it('keeps departments and money of every currency', () => {
    const rows = rowsOf(doctor);
    expect(rows.map((r) => r.fee)).toEqual(['500.5', '700']);
    expect(bodyOf(textsOf(doctor), [], rows)).toEqual({
      practices: [
        { hospital_id: 1, department_id: 9, fee: { amount_minor: 50_050, currency: 'INR' } },
        { hospital_id: 2, department_id: undefined, fee: { amount_minor: 700, currency: 'JPY' } },
      ],
    });
    expect(minorOf('12.345', 'INR')).toBe(1235);
  });

  it('shows who works for one hospital the practice there', () => {
    const rows = rowsOf(doctor, 2);
    expect(rows).toHaveLength(1);
    expect(sameRows(rows, [{ ...rows[0], fee: '700.0' } as (typeof rows)[0]])).toBe(true);
    expect(sameRows(rows, [])).toBe(false);
  });
});
