// What patients say of a doctor: how many stars from how many, then their words, newest first.
import type { DoctorProfile } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { clinicZone } from '../slots/slot_picker';
import { ReviewText } from './review_parts';
import classes from './reviews.module.css';
import { Stars } from './stars';
import { useDoctorReviews } from './use_reviews';

export function DoctorReviews({ doctor, className }: { doctor: DoctorProfile; className?: string }) {
  const { t } = useTranslation();
  const query = useDoctorReviews(doctor.id);
  const reviews = query.data?.pages.flatMap((p) => p.items) ?? [];
  const zone = clinicZone(doctor);
  return (
    <section className={className} aria-labelledby="reviews">
      <h2 id="reviews" tabIndex={-1} className={classes.title}>
        {t('reviews.title')}
      </h2>
      <Summary doctor={doctor} />
      {query.isPending && <Loading lines={3} height={64} />}
      {query.isError && reviews.length === 0 && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && reviews.length === 0 && (
        <EmptyState title={t(doctor.reviews ? 'reviews.none_to_read' : 'reviews.none')}>
          {t('reviews.none_hint')}
        </EmptyState>
      )}
      <ul className={classes.list}>
        {reviews.map((review) => (
          <li key={review.id} data-review={review.id}>
            <ReviewText review={review} zone={zone} />
          </li>
        ))}
      </ul>
      {query.isFetchNextPageError && <ErrorState error={query.error} onRetry={() => query.fetchNextPage()} />}
      {query.hasNextPage && !query.isFetchNextPageError && (
        <Button variant="default" fullWidth loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('reviews.more')}
        </Button>
      )}
      <p role="status" className="hidden">
        {(query.data?.pages.length ?? 0) > 1 ? t('reviews.shown', { count: reviews.length }) : ''}
      </p>
    </section>
  );
}

function Summary({ doctor }: { doctor: DoctorProfile }) {
  const { t } = useTranslation();
  if (!doctor.rating || !doctor.reviews) return null;
  return (
    <p className={classes.summary}>
      <strong className="numbers" aria-hidden="true">
        {doctor.rating.toFixed(1)}
      </strong>
      <span>
        <Stars rating={Number(doctor.rating.toFixed(1))} />
        <span className="muted">{t('reviews.summary', { count: doctor.reviews })}</span>
      </span>
    </p>
  );
}
