import { expect, test } from 'vitest';
import { sigRead } from './sig';

test.each([
  ['amox 500 tds 5d', 'Amoxicillin 500 mg', '1', 'three times a day', 5, 15],
  ['pcm 650 1 tab sos', 'Paracetamol 650 mg', '1 tab', 'when needed', undefined, 1],
  ['Azithromycin 500 mg od x 3 days', 'Azithromycin 500 mg', '1', 'once a day', 3, 3],
  ['metf 500 1-0-1 30d', 'Metformin 500 mg', '1', '1-0-1 (morning, night)', 30, 60],
  ['omep 20 od 2w', 'Omeprazole 20 mg', '1', 'once a day', 14, 14],
  ['Salbutamol inhaler 2 puffs q6h 5d #1', 'Salbutamol inhaler', '2 puffs', 'every 6 hours', 5, 1],
  ['Vitamin D3 60000 weekly 8w', 'Vitamin D3 60000', '1', 'once a week', 56, 8],
  ['Amlodipine 5 mg ½ tab od 30d', 'Amlodipine 5 mg', '½ tab', 'once a day', 30, 15],
  ['Diclofenac 50 bd 1m', 'Diclofenac 50 mg', '1', 'twice a day', 30, 60],
])('%s', (line, medicine, dose, frequency, days, quantity) => {
  const { row, missing } = sigRead(line);
  expect(missing).toEqual([]);
  expect(row).toMatchObject({ medicine, dose, frequency, quantity });
  expect(row?.duration_days).toBe(days);
});

test('what follows a comma is for the patient', () => {
  expect(sigRead('amox 500 tds 5d, after food').row?.instructions).toBe('after food');
});

test('says what is missing', () => {
  expect(sigRead('amox 500').missing).toEqual(['frequency']);
  expect(sigRead('tds 5d').missing).toEqual(['medicine']);
  expect(sigRead('').missing).toEqual(['medicine', 'frequency']);
});
