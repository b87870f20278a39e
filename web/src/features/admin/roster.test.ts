import { describe, expect, it } from 'vitest';
import type { RosterDoctor } from '../../api/types';
import { bodyToBringBack } from './roster';

const fee = { amount_minor: 50_000, currency: 'INR' };
const practice = (hospital_id: number, is_active: boolean) => ({
  hospital_id,
  hospital_name: `Hospital ${hospital_id}`,
  city_name: 'Pune',
  department_id: 9,
  fee,
  is_active,
});
const doctor = (more: Partial<RosterDoctor>): RosterDoctor => ({
  id: 1,
  name: 'Dr Asha Rao',
  speciality: { id: 1, name: 'Cardiologist' },
  status: 'active',
  bookable: false,
  version: 3,
  practices: [practice(1, false), practice(2, true)],
  ...more,
});
const hospitals = (body: ReturnType<typeof bodyToBringBack>) => body?.practices.map((p) => p.hospital_id);

describe('bringing a doctor back', () => {
  it('opens the own hospital’s practice with the fee and department it had, and no other', () => {
    const body = bodyToBringBack(doctor({}), { hospital_id: 1 }, 1);
    expect(body).toEqual({
      status: 'active',
      practices: [{ hospital_id: 1, department_id: 9, fee, is_active: true }],
    });
  });
  it('keeps what is open elsewhere when the platform does it for one hospital', () =>
    expect(hospitals(bodyToBringBack(doctor({}), {}, 1))).toEqual([1, 2]));
  it('does not open a closed practice that was not meant', () =>
    expect(hospitals(bodyToBringBack(doctor({}), {}, 2))).toEqual([2]));
  it('is not offered for who can be booked, or has no practice left', () => {
    expect(bodyToBringBack(doctor({ bookable: true }), {}, 1)).toBeUndefined();
    expect(bodyToBringBack(doctor({ practices: [] }), {}, 1)).toBeUndefined();
  });
});
