import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Appointment, DoctorProfile } from '../../api/types';
import { DoctorReviews } from './doctor_reviews';
import { OwnReview } from './own_review';

interface Sent {
  method: string;
  path: string;
  body?: object;
  key?: string;
}
type Answer = (sent: Sent) => Response | undefined;
const sent: Sent[] = [];
let answer: Answer;
const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const one: Sent = {
      method: init.method ?? 'GET',
      path,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
      key: (init.headers as Record<string, string>)['Idempotency-Key'],
    };
    sent.push(one);
    return answer(one) ?? json({ items: [] });
  });
});
afterEach(() => vi.unstubAllGlobals());

const show = (what: React.ReactNode) =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      {what}
    </QueryClientProvider>,
  );
const doctor = {
  id: 3,
  name: 'Asha Rao',
  rating: 4.5,
  reviews: 2,
  practices: [{ hospital_id: 1, time_zone: 'Asia/Kolkata' }],
} as unknown as DoctorProfile;
const review = (id: number, more = {}) => ({
  id,
  rating: 4,
  text: `Words ${id}`,
  author: 'Eve T.',
  created_at: '2026-11-20T20:00:00Z',
  ...more,
});

describe('reviews of a doctor', () => {
  it('come page by page, in the order of the server, dated in the clinic’s zone', async () => {
    answer = ({ path }) =>
      path.includes('cursor=9')
        ? json({ items: [review(8)] })
        : json({ items: [review(10), review(9, { changed_at: '2026-11-21T10:00:00Z' })], next: '9' });
    show(<DoctorReviews doctor={doctor} />);
    await screen.findByText('Words 10');
    expect(screen.getAllByText('rated 4 of 5')).toHaveLength(2);
    expect(screen.getAllByText(/21 November 2026/)).toHaveLength(2);
    fireEvent.click(screen.getByRole('button', { name: 'Show more reviews' }));
    await screen.findByText('Words 8');
    expect(screen.getAllByText(/^Words/).map((p) => p.textContent)).toEqual(['Words 10', 'Words 9', 'Words 8']);
    expect(screen.queryByRole('button', { name: 'Show more reviews' })).toBeNull();
    expect(screen.getByRole('status').textContent).toBe('3 reviews shown');
  });
  it('tell how the stars spread, to the eye and in words', async () => {
    answer = () => json({ items: [review(10)], stars: { one: 0, two: 0, three: 0, four: 1, five: 1 } });
    show(<DoctorReviews doctor={doctor} />);
    const spread = await screen.findByLabelText('How the stars spread');
    const told = [...spread.querySelectorAll('dd')].map((dd) => dd.textContent);
    expect(told).toEqual(['1', '1', '0', '0', '0']);
    expect(spread.querySelector('dt')?.textContent).toContain('5 stars');
  });
  it('say so when there are none', async () => {
    answer = () => undefined;
    show(<DoctorReviews doctor={{ ...doctor, rating: 0, reviews: 0 }} />);
    await screen.findByText('No reviews yet');
  });
  it('keep what was read when the next page fails, and try again', async () => {
    let isDown = true;
    answer = ({ path }) => {
      if (!path.includes('cursor')) return json({ items: [review(10)], next: '10' });
      return isDown ? json({ code: 'x.y', title: 'Down' }, 400) : json({ items: [review(9)] });
    };
    show(<DoctorReviews doctor={doctor} />);
    fireEvent.click(await screen.findByRole('button', { name: 'Show more reviews' }));
    await screen.findByRole('alert');
    expect(screen.getByText('Words 10')).toBeTruthy();
    isDown = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('Words 9');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

const appointment = {
  id: 50,
  doctor_id: 3,
  doctor_name: 'Dr Asha Rao',
  time_zone: 'Asia/Kolkata',
} as unknown as Appointment;
const own = (more = {}) => ({ ...review(7), appointment_id: 50, doctor_id: 3, hidden: false, ...more });

describe('the review of one’s own visit', () => {
  it('asks for stars, is written once with a key, and is then read', async () => {
    let written: object | undefined;
    answer = ({ method, body }) => {
      if (method === 'POST') written = own(body);
      return method === 'POST' ? json(written ?? {}, 201) : undefined;
    };
    show(<OwnReview appointment={appointment} />);
    fireEvent.click(await screen.findByRole('button', { name: 'Publish the review' }));
    await screen.findByText('Choose one to five stars');
    expect(sent.filter((s) => s.method === 'POST')).toEqual([]);
    fireEvent.click(screen.getByRole('radio', { name: /5 stars/ }));
    fireEvent.change(screen.getByRole('textbox'), { target: { value: ' Kind and clear. ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Publish the review' }));
    await screen.findByText(/^Saved/);
    expect(screen.getByText('Kind and clear.')).toBeTruthy();
    const [post] = sent.filter((s) => s.method === 'POST');
    expect(post?.path).toBe('/api/doctors/3/reviews');
    expect(post?.body).toEqual({ appointment_id: 50, rating: 5, text: 'Kind and clear.' });
    expect(post?.key).toBeTruthy();
  });
  it('is changed, and says when the hospital has hidden it', async () => {
    answer = ({ method }) =>
      json(own(method === 'PUT' ? { rating: 2, hidden: true } : { hidden: true, hidden_reason: 'Names.' }));
    show(<OwnReview appointment={{ ...appointment, review_id: 7 }} />);
    await screen.findByText('Names.');
    fireEvent.click(screen.getByRole('button', { name: 'Change the review' }));
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /4 stars/ }).checked).toBe(true);
    fireEvent.click(screen.getByRole('radio', { name: /2 stars/ }));
    fireEvent.click(screen.getByRole('button', { name: 'Save the review' }));
    await screen.findByText('Saved. The review stays hidden.');
    expect(sent.find((s) => s.method === 'PUT')).toMatchObject({
      path: '/api/reviews/7',
      body: { rating: 2, text: 'Words 7' },
    });
  });
  it('written in another tab meanwhile: the words stay and become a change', async () => {
    answer = ({ method, path }) => {
      if (method === 'POST') return json({ code: 'reviews.review_exists', title: 'Exists' }, 409);
      return path === '/api/reviews/7' ? json(own()) : json({ ...appointment, review_id: 7 });
    };
    show(<OwnReview appointment={appointment} />);
    fireEvent.click(await screen.findByRole('radio', { name: /3 stars/ }));
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Mine' } });
    fireEvent.click(screen.getByRole('button', { name: 'Publish the review' }));
    await screen.findByRole('button', { name: 'Save the review' });
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('changes that review'));
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Mine');
  });
});
