import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { get } from '../../api/client';
import type { Appointment, FamilyMember, Page, Wait } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { passesKeep, passesRead } from '../../app/passes';
import { homeOf, isStaff, useSession, useSignOut } from '../../app/session';
import { dateText, longDayText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { StatusMark } from '../../ui/status_mark';
import { useFamily } from '../account/for_whom';
import { doctorName } from '../doctor/doctor_parts';
import { useDoctor } from '../doctor/use_doctor';
import { OwnTurn } from '../reception/own_turn';
import { NewestLooks } from '../records/looks';
import classes from './me.module.css';

export function MePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { user, known, query } = useSession();
  useEffect(() => {
    if (known && !user && !query.isError) navigate({ to: '/login', search: { next: '/me' }, replace: true });
  }, [known, user, query.isError, navigate]);
  if (query.isError)
    return (
      <div className={`stack ${classes.page}`}>
        <PageTitle>{t('me.title')}</PageTitle>
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
        <Kept />
      </div>
    );
  if (!user)
    return (
      <div className="narrow">
        <PageTitle>{t('me.title')}</PageTitle>
        <Loading />
      </div>
    );
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <div>
          <PageTitle>{t(user.role === 'patient' ? 'me.title' : 'shell.account')}</PageTitle>
          <p className="muted">{t('me.signed_in', { name: user.name })}</p>
        </div>
        <div className="row">
          <LinkButton to="/me/account" variant="default">
            {t('account.title')}
          </LinkButton>
          <SignOut />
        </div>
      </div>
      {user.status === 'pending' && (
        <Notice kind="info" title={t('login.approval')}>
          <p>{t('login.approval_text')}</p>
        </Notice>
      )}
      {user.role === 'patient' ? (
        <>
          <Waits />
          <Appointments />
          <FamilyBookings />
          <Ways />
          <NewestLooks />
        </>
      ) : (
        <div className="row">
          <LinkButton to={homeOf(user)}>{t('me.home')}</LinkButton>
          {isStaff(user) && (
            <LinkButton to="/admin/users" variant="default">
              {t('me.people')}
            </LinkButton>
          )}
        </div>
      )}
    </div>
  );
}

const ways = [
  { to: '/', name: 'find' },
  { to: '/me/records', name: 'records' },
  { to: '/me/messages', name: 'messages' },
  { to: '/me/account', hash: 'account-family', name: 'family' },
  { to: '/me/account', hash: 'account-feed', name: 'calendar' },
] as const;

/** Where else a patient may want to go. */
function Ways() {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('me.shortcuts')}>
      <ul className={classes.ways}>
        {ways.map((way) => (
          <li key={way.name}>
            <Link to={way.to} hash={'hash' in way ? way.hash : undefined} className={`card ${classes.way}`}>
              <strong>{t(`me.${way.name}`)}</strong>
              <span className="muted">{t(`me.${way.name}_text`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SignOut() {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  return (
    <div className="stack">
      <Button
        variant="default"
        loading={pending}
        onClick={async () => {
          setPending(true);
          try {
            await navigate({ to: '/' });
            await signOut();
          } catch (problem) {
            setError(problem);
          }
          setPending(false);
        }}
      >
        {t('me.sign_out')}
      </Button>
      {error !== undefined && <ErrorState error={error} />}
    </div>
  );
}

function Waits() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['me', 'waits'],
    queryFn: ({ signal }) => get<Page<Wait>>('/api/waits', undefined, signal),
    staleTime: 0,
  });
  const open = query.data?.items.filter((w) => w.status === 'waiting' || w.status === 'offered') ?? [];
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="my-waits">
      <h2 id="my-waits">{t('me.waits')}</h2>
      <ul className={classes.list}>
        {open.map((wait) => (
          <WaitItem key={wait.id} wait={wait} />
        ))}
      </ul>
    </section>
  );
}

function WaitItem({ wait }: { wait: Wait }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const doctor = useDoctor(wait.doctor_id).data;
  return (
    <li className={`card ${classes.item}`}>
      <div>
        <strong>{doctor ? doctorName(doctor) : t('me.wait_for', { id: wait.doctor_id })}</strong>
        <div className="muted">
          {wait.status === 'offered'
            ? t('wait.offer_title')
            : t('wait.position_words', { count: (wait.position ?? 1) - 1 })}
          {wait.from && ` · ${dateText(wait.from, locale)}`}
        </div>
      </div>
      <LinkButton
        to="/wait/$id"
        params={{ id: String(wait.id) }}
        variant={wait.status === 'offered' ? 'filled' : 'default'}
      >
        {t('me.to_wait')}
      </LinkButton>
    </li>
  );
}

function Appointments() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['me', 'appointments'],
    queryFn: ({ signal }) => get<Page<Appointment>>('/api/appointments', { limit: 100 }, signal),
    staleTime: 0,
  });
  const { user } = useSession();
  const told = query.data?.items;
  useEffect(() => {
    if (told && user) passesKeep(told);
  }, [told, user]);
  if (query.isPending) return <Loading lines={3} height={72} />;
  if (query.isError)
    return (
      <>
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
        <Kept />
      </>
    );
  const items = query.data.items;
  const soonest = (a: Appointment, b: Appointment) => a.starts_at.localeCompare(b.starts_at);
  const held = items.filter((a) => a.status === 'pending');
  const [next, ...coming] = items.filter((a) => ['booked', 'arrived'].includes(a.status)).sort(soonest);
  const past = items.filter((a) => !['pending', 'booked', 'arrived'].includes(a.status)).sort((a, b) => soonest(b, a));
  if (items.length === 0)
    return (
      <EmptyState title={t('me.empty')} actions={<LinkButton to="/">{t('not_found.search')}</LinkButton>}>
        {t('me.empty_hint')}
      </EmptyState>
    );
  return (
    <>
      <Group title={t('me.held')} items={held} />
      {next && <Next visit={next} />}
      <Group title={t('me.coming')} items={coming} />
      <Group title={t('me.past')} items={past} />
    </>
  );
}

/** The visit that comes first, so that its day, place and pass are found at a glance. */
function Next({ visit: a }: { visit: Appointment }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <section className={`card ${classes.next}`} aria-labelledby="next-visit" data-status={a.status}>
      <div>
        <h2 id="next-visit">{t('me.next')}</h2>
        <p className={`${classes.nextDay} numbers`}>
          {longDayText(a.time_zone, a.starts_at, locale)}, {timeText(a.time_zone, a.starts_at, locale)}
        </p>
        <p className="muted">
          {a.doctor_name} · {a.hospital_name}
        </p>
        <StatusMark status={a.status} />
      </div>
      <LinkButton to="/a/$id" params={{ id: String(a.id) }}>
        {t('me.to_pass')}
      </LinkButton>
      {a.status === 'arrived' && (
        <div className={classes.turn}>
          <OwnTurn appointmentId={a.id} />
        </div>
      )}
    </section>
  );
}

/** What is booked for those for whom the patient acts. */
function FamilyBookings() {
  return useFamily().map((member) => <MemberBookings key={member.id} member={member} />);
}

function MemberBookings({ member }: { member: FamilyMember }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['me', 'appointments', member.id],
    queryFn: ({ signal }) => get<Page<Appointment>>('/api/appointments', { limit: 100, patient_id: member.id }, signal),
    staleTime: 0,
  });
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  const open = query.data?.items.filter((a) => ['pending', 'booked', 'arrived'].includes(a.status)) ?? [];
  return <Group title={t('me.of', { name: member.name })} items={open} />;
}

/** Without the server: what it said last of what is booked. */
function Kept() {
  const { t } = useTranslation();
  const kept = passesRead().map((pass) => pass.appointment);
  if (kept.length === 0) return null;
  return (
    <>
      <p>{t('me.offline_text')}</p>
      <Group title={t('me.kept')} items={kept} />
    </>
  );
}

function Group({ title, items }: { title: string; items: Appointment[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (items.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul className={classes.list}>
        {items.map((a) => (
          <li key={a.id} className={`card ${classes.item}`} data-status={a.status}>
            <div>
              <Link
                to={a.status === 'pending' ? '/book/$id' : '/a/$id'}
                params={{ id: String(a.id) }}
                className={`${classes.when} numbers`}
              >
                {longDayText(a.time_zone, a.starts_at, locale)}, {timeText(a.time_zone, a.starts_at, locale)}
              </Link>
              <div className="muted">
                {a.doctor_name} · {a.hospital_name}
              </div>
            </div>
            <StatusMark status={a.status} />
            {a.status === 'fulfilled' && !a.review_id && (
              <LinkButton to="/a/$id" params={{ id: String(a.id) }} hash="own-review" variant="default" compact>
                {t('me.to_review')}
                <span className="hidden">: {a.doctor_name}</span>
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
