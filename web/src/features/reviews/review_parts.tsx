// What the lists of reviews share: one review as it is read, and its dates.
import { type ReactNode, useEffect } from 'react';
import type { PublicReview } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateIn, dateText } from '../../app/time';
import classes from './reviews.module.css';
import { Stars } from './stars';

/** People write in their own letters whatever language the page is read in. */
function useLettersOf(text = '') {
  const isDevanagari = /\p{Script=Devanagari}/u.test(text);
  useEffect(() => {
    if (isDevanagari) import('@fontsource-variable/noto-sans-devanagari/wght.css').catch(() => undefined);
  }, [isDevanagari]);
}

const dayOptions = { day: 'numeric', month: 'long', year: 'numeric' } as const;

/** `zone` is the clinic's, as everywhere. */
export function ReviewText({ review, zone, children }: { review: PublicReview; zone: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const locale = useLocale();
  useLettersOf(review.text);
  const day = (instant: string) => dateText(dateIn(zone, instant), locale, dayOptions);
  return (
    <>
      <p className={classes.line}>
        <Stars rating={review.rating} /> {children}
      </p>
      {review.text && (
        <p className={classes.text} dir="auto">
          {review.text}
        </p>
      )}
      <p className={classes.by}>
        {review.author}, {day(review.created_at)}
        {review.changed_at && ` · ${t('reviews.changed', { day: day(review.changed_at) })}`}
      </p>
    </>
  );
}
