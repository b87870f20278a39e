// Who somebody is, in one line.
import type { useTranslation } from '../../app/i18n';

type Translate = ReturnType<typeof useTranslation>['t'];

export function ageOf(birthOn: string, now = new Date()) {
  const [year = 0, month = 1, day = 1] = birthOn.split('-').map(Number);
  const before = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
  return now.getFullYear() - year - (before ? 1 : 0);
}

interface Person {
  id: number;
  birth_on?: string;
  sex?: string;
  phone?: string;
}

/** What is known of age, sex and telephone. */
export function personWords(t: Translate, person: Person) {
  return [
    person.birth_on && t('treatment.age', { count: ageOf(person.birth_on) }),
    person.sex && t(`treatment.sex_${person.sex}`),
    person.phone,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The same with the number by which the person is looked up. */
export function numberedPersonWords(t: Translate, person: Person) {
  return [personWords(t, person), t('patients.number', { id: person.id })].filter(Boolean).join(' · ');
}
