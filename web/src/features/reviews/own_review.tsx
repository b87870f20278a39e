// The review of one finished visit by its patient: to be written, to be read, to be changed.
import { useEffect, useRef, useState } from 'react';
import type { Appointment, Review } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Textarea } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { ErrorState, Loading } from '../../ui/states';
import { ReviewText } from './review_parts';
import classes from './reviews.module.css';
import { StarInput } from './stars';
import { useOwnReview, useReviewSave } from './use_reviews';

const textMax = 2000;

export function OwnReview({ appointment }: { appointment: Appointment }) {
  const { t } = useTranslation();
  const query = useOwnReview(appointment);
  return (
    <section className={`card stack no-print ${classes.own}`} aria-labelledby="own-review">
      <h2 id="own-review" className={classes.title}>
        {t(query.data ? 'reviews.own' : 'reviews.write_title')}
      </h2>
      {query.isPending && <Loading lines={2} height={48} />}
      {query.isError && query.data === undefined && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data !== undefined && <Reviewed appointment={appointment} review={query.data} />}
    </section>
  );
}

function Reviewed({ appointment, review }: { appointment: Appointment; review: Review | null }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(review === null);
  const [saved, setSaved] = useState(false);
  const told = useRef<HTMLParagraphElement>(null);
  // The form with the focus is gone: the word of what came of it takes the focus.
  useEffect(() => {
    if (saved && !editing) told.current?.focus();
  }, [saved, editing]);
  const done = (isSaved: boolean) => {
    setSaved(isSaved);
    setEditing(false);
  };
  return (
    <>
      {editing || !review ? (
        <ReviewForm
          appointment={appointment}
          review={review}
          onSaved={() => done(true)}
          onCancel={review ? () => done(false) : undefined}
        />
      ) : (
        <>
          {saved && (
            <p ref={told} tabIndex={-1} role="status" className={`saved ${classes.told}`}>
              {t(review.hidden ? 'reviews.saved_hidden' : 'reviews.saved')}
            </p>
          )}
          <div>
            <ReviewText review={review} zone={appointment.time_zone} />
          </div>
          {review.hidden && (
            <Notice kind="warn" title={t('reviews.hidden_own')}>
              {review.hidden_reason && <p dir="auto">{review.hidden_reason}</p>}
            </Notice>
          )}
          <div className="row">
            <Button variant="default" onClick={() => setEditing(true)}>
              {t('reviews.change')}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

interface ReviewFormProps {
  appointment: Appointment;
  review: Review | null;
  onSaved: () => void;
  onCancel?: () => void;
}

function ReviewForm({ appointment, review, onSaved, onCancel }: ReviewFormProps) {
  const { t } = useTranslation();
  const [rating, setRating] = useState(review?.rating ?? 0);
  const [text, setText] = useState(review?.text ?? '');
  const [missing, setMissing] = useState(false);
  const { save, pending, error } = useReviewSave(appointment, review);
  const fields: Record<string, string> = missing ? { rating: t('reviews.rating_missing') } : {};
  return (
    <Form
      label={t(review ? 'reviews.change' : 'reviews.write_title')}
      fields={fields}
      onSubmit={async () => {
        setMissing(rating === 0);
        if (rating > 0 && !pending && (await save({ rating, text }))) onSaved();
      }}
    >
      <StarInput
        label={t('reviews.rating', { doctor: appointment.doctor_name })}
        value={rating}
        error={fields.rating}
        onChange={(given) => {
          setRating(given);
          setMissing(false);
        }}
      />
      <Textarea
        label={t('reviews.text')}
        description={t('reviews.text_hint')}
        rows={4}
        maxLength={textMax}
        dir="auto"
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      {error !== undefined && <ErrorState error={error} />}
      <div className="row">
        <Button type="submit" loading={pending}>
          {t(review ? 'reviews.save' : 'reviews.publish')}
        </Button>
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t('reviews.cancel')}
          </Button>
        )}
      </div>
    </Form>
  );
}
