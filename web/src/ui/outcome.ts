// The three outcomes of a booking in the reader's language. The server tells them in the words of the requirements.
import { useTranslation } from '../app/i18n';

const keys: Record<string, string> = {
  'Appointment Successful': 'booked',
  'Appointment Failed – Slot Full': 'slot_full',
  'Appointment Failed – Retry, as other users are holding reserved slots': 'retry',
};

/** Words that are not known here stay as they came. */
export function useOutcomeWords() {
  const { t } = useTranslation();
  return (outcome: string | undefined) => {
    const key = outcome && keys[outcome];
    return key ? t(`outcome.${key}`) : outcome;
  };
}
