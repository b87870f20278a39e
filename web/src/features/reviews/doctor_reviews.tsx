// What patients say of a doctor: how many stars from how many, then their words, newest first.
import type { DoctorProfile, StarCounts } from '../../api/types';
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
      <Summary doctor={doctor} stars={query.data?.pages[0]?.stars} />
      {query.isPending && <Loading lines={3} height={64} />}
      {query.isError && reviews.length === 0 && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && reviews.length === 0 && (
        <EmptyState title={t('reviews.none')}>{t('reviews.none_hint')}</EmptyState>
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

function Summary({ doctor, stars }: { doctor: DoctorProfile; stars?: StarCounts }) {
  const { t } = useTranslation();
  if (!doctor.rating || !doctor.reviews) return null;
  return (
    <div className={classes.overview}>
      <p className={classes.summary}>
        <strong className="numbers" aria-hidden="true">
          {doctor.rating.toFixed(1)}
        </strong>
        <span>
          <Stars rating={Number(doctor.rating.toFixed(1))} />
          <span className="muted">{t('reviews.summary', { count: doctor.reviews })}</span>
        </span>
      </p>
      {stars && <Distribution stars={stars} />}
    </div>
  );
}

const words = { 5: 'five', 4: 'four', 3: 'three', 2: 'two', 1: 'one' } as const;

/** How the stars spread: a bar for the eye, the number for everybody. */
function Distribution({ stars }: { stars: StarCounts }) {
  const { t } = useTranslation();
  const all = Object.values(words).reduce((sum, word) => sum + (stars[word] ?? 0), 0);
  return (
    <div role="group" aria-label={t('reviews.spread')} className={classes.spread}>
      <dl>
        {([5, 4, 3, 2, 1] as const).map((rating) => {
          const count = stars[words[rating]] ?? 0;
          return (
            <div key={rating}>
              <dt>
                <span aria-hidden="true">{rating} ★</span>
                <span className="hidden">{t('reviews.stars', { count: rating })}</span>
              </dt>
              <dd>
                <span className={classes.bar} aria-hidden="true">
                  <span style={{ width: `${all ? (count / all) * 100 : 0}%` }} />
                </span>
                <span className="numbers">{count}</span>
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
