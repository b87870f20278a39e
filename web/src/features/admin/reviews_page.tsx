// The reviews of a hospital for its administrators, hidden ones too: what breaks the rules is taken from sight with a
// reason that its author reads, and may be shown again.
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { request, uuid } from '../../api/client';
import type { Review, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Textarea } from '../../ui/fields';
import { PageTitle } from '../../ui/page';
import { ErrorState } from '../../ui/states';
import { doctorName } from '../doctor/doctor_parts';
import { useDoctor } from '../doctor/use_doctor';
import { ReviewText } from '../reviews/review_parts';
import classes from './admin.module.css';
import { AdminFrame } from './admin_frame';
import { HospitalSelect } from './hospital_select';
import { listKey, MoreList } from './more_list';

const route = getRouteApi('/admin/reviews');

export function ReviewsPage() {
  const { t } = useTranslation();
  return <AdminFrame title={t('admin.reviews')}>{(user) => <Reviews user={user} />}</AdminFrame>;
}

function Reviews({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { h } = route.useSearch();
  const hospital = user.hospital_id ?? h;
  const [told, setTold] = useState('');
  return (
    <>
      <PageTitle>{t('admin.reviews')}</PageTitle>
      <p className="muted">{t('admin.reviews_rule')}</p>
      {user.hospital_id === undefined && (
        <HospitalSelect value={h} onChange={(id) => navigate({ search: { h: id }, replace: true })} />
      )}
      <p role="status" className={told ? undefined : 'hidden'}>
        {told}
      </p>
      <MoreList<Review>
        name="reviews"
        path="/api/reviews"
        query={{ hospital_id: hospital, limit: 20 }}
        enabled={hospital !== undefined}
        empty={t('admin.reviews_none')}
        keyOf={(review) => review.id}
      >
        {(review) => <ReviewLine review={review} onTold={setTold} />}
      </MoreList>
    </>
  );
}

function useHide(review: Review) {
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const hide = async (hidden: boolean, reason?: string) => {
    setPending(true);
    setError(undefined);
    try {
      await request<Review>('PUT', `/api/reviews/${review.id}/hidden`, {
        body: { hidden, reason: reason?.trim() || undefined },
        idempotencyKey: uuid(),
      });
      await client.invalidateQueries({ queryKey: listKey('reviews') });
      await client.invalidateQueries({ queryKey: ['doctor', String(review.doctor_id)] });
      client.removeQueries({ queryKey: ['reviews'] });
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      setPending(false);
    }
  };
  return { hide, pending, error };
}

function ReviewLine({ review, onTold }: { review: Review; onTold: (words: string) => void }) {
  const { t } = useTranslation();
  const doctor = useDoctor(review.doctor_id).data;
  const [asking, setAsking] = useState(false);
  const { hide, pending, error } = useHide(review);
  const zone = doctor?.practices.find((p) => p.hospital_id === review.hospital_id)?.time_zone ?? 'UTC';
  const name = doctor ? doctorName(doctor) : String(review.doctor_id);
  const whose = <span className="hidden">: {t('admin.review_of', { author: review.author, doctor: name })}</span>;
  return (
    <div className={classes.review} data-review={review.id} data-hidden={review.hidden || undefined}>
      <div>
        <Link to="/d/$id" params={{ id: String(review.doctor_id) }} className={classes.name}>
          {name}
        </Link>
        <ReviewText review={review} zone={zone}>
          {review.hidden && <strong className={classes.hiddenMark}>{t('admin.review_hidden')}</strong>}
        </ReviewText>
        {review.hidden_reason && <p dir="auto">{t('admin.review_reason', { reason: review.hidden_reason })}</p>}
        {error !== undefined && !asking && <ErrorState error={error} />}
      </div>
      {review.hidden ? (
        <Button
          compact
          variant="default"
          loading={pending}
          onClick={async () => (await hide(false)) && onTold(t('admin.review_was_shown', { author: review.author }))}
        >
          {t('admin.review_show')}
          {whose}
        </Button>
      ) : (
        <Button compact variant="default" color="danger" onClick={() => setAsking(true)}>
          {t('admin.review_hide')}
          {whose}
        </Button>
      )}
      <Dialog open={asking} title={t('admin.review_hide_title')} onClose={() => setAsking(false)}>
        <HideForm
          pending={pending}
          error={error}
          onHide={async (reason) => {
            if (!(await hide(true, reason))) return;
            setAsking(false);
            onTold(t('admin.review_was_hidden', { author: review.author }));
          }}
          onClose={() => setAsking(false)}
        />
      </Dialog>
    </div>
  );
}

interface HideFormProps {
  pending: boolean;
  error: unknown;
  onHide: (reason: string) => void;
  onClose: () => void;
}

function HideForm({ pending, error, onHide, onClose }: HideFormProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending) onHide(reason);
      }}
    >
      <p>{t('admin.review_hide_text')}</p>
      <Textarea
        label={t('admin.review_hide_reason')}
        rows={3}
        maxLength={500}
        required
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      {error !== undefined && <ErrorState error={error} />}
      <div className="row">
        <Button type="submit" color="danger" loading={pending}>
          {t('admin.review_hide')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('admin.review_hide_no')}
        </Button>
      </div>
    </form>
  );
}
