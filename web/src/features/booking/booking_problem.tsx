// Why a booking did not come about, in words, with the outcome text of the server and what can be done next.

import { useEffect, useRef } from 'react';
import { Problem } from '../../api/client';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { useOutcomeWords } from '../../ui/outcome';
import { ErrorState } from '../../ui/states';

const known = new Set([
  'booking.slot_taken',
  'booking.all_held',
  'booking.queue_first',
  'booking.patient_has_open_hold',
  'booking.slots_free',
  'booking.slot_full',
]);
const mayWait = new Set(['booking.all_held', 'booking.queue_first']);
export const idIn = (link: string | undefined) => /(\d+)\/?$/.exec(link ?? '')?.[1];

interface BookingProblemProps {
  error: unknown;
  onWait?: () => void;
  onClose?: () => void;
  waiting?: boolean;
}

export function BookingProblem({ error, onWait, onClose, waiting }: BookingProblemProps) {
  const { t } = useTranslation();
  const outcomeWords = useOutcomeWords();
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new error is brought into view again
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  if (!(error instanceof Problem) || !known.has(error.code))
    return (
      <div ref={place}>
        <ErrorState error={error} onRetry={onClose} />
      </div>
    );
  const key = error.code.replaceAll('.', '_');
  const holdId = idIn(error.body.hold);
  const waitId = error.code === 'booking.patient_has_open_hold' ? idIn(error.body.wait) : undefined;
  return (
    <div ref={place}>
      <Notice
        kind={mayWait.has(error.code) ? 'hold' : 'warn'}
        role="alert"
        title={outcomeWords(error.body.outcome) ?? t(`problem.${key}`)}
        actions={
          <>
            {holdId && (
              <LinkButton to="/book/$id" params={{ id: holdId }}>
                {t('booking.to_open_hold')}
              </LinkButton>
            )}
            {waitId && (
              <LinkButton to="/wait/$id" params={{ id: waitId }}>
                {t('booking.to_open_wait')}
              </LinkButton>
            )}
            {mayWait.has(error.code) && onWait && (
              <Button onClick={onWait} loading={waiting}>
                {t('booking.stand_in_line')}
              </Button>
            )}
            {onClose && (
              <Button variant="default" onClick={onClose}>
                {t('booking.pick_another')}
              </Button>
            )}
          </>
        }
      >
        <p>{t(`booking.why_${key}`)}</p>
      </Notice>
    </div>
  );
}
