// Hospitals that asked to be listed: who asked, and the answer, for the platform's administrator.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get, request } from '../../api/client';
import type { Hospital, HospitalApplication } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Textarea } from '../../ui/fields';
import { Form } from '../../ui/form';
import { ErrorState, Loading } from '../../ui/states';
import { useAction } from '../account/use_action';
import classes from './admin.module.css';
import { MoreList } from './more_list';

interface Decided {
  onDecided: (words: string) => void;
}

export function Applications({ onDecided }: Decided) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-labelledby="approval-hospitals">
      <h2 id="approval-hospitals">{t('application.hospitals')}</h2>
      <MoreList<Hospital>
        name="hospitals"
        path="/api/hospitals"
        query={{ status: 'pending', limit: 30 }}
        empty={t('approval.no_hospitals')}
        keyOf={(one) => one.id}
      >
        {(one) => (
          <>
            <div>
              <Link to="/admin/hospitals/$id" params={{ id: String(one.id) }} className={classes.name}>
                {one.name}
              </Link>
              <div className="muted">{[one.city_name, one.address, one.phone].filter(Boolean).join(' · ')}</div>
            </div>
            <Application hospital={one} onDecided={onDecided} />
          </>
        )}
      </MoreList>
    </section>
  );
}

/** Who asked and what was answered; the answer is asked for where there is none yet. */
export function Application({ hospital, onDecided }: Decided & { hospital: Hospital }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const path = `/api/hospitals/${hospital.id}/application`;
  const query = useQuery({
    queryKey: ['admin', 'application', hospital.id],
    queryFn: ({ signal }) => get<HospitalApplication>(path, undefined, signal),
    staleTime: 0,
  });
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  if (!query.data) return <Loading lines={1} height={44} />;
  const { contact_name: name, contact_email: email, applied_at: at, status, reason } = query.data;
  return (
    <>
      <div className="muted">
        {t('application.asked', { name, on: new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' }) })}
        {' · '}
        <a href={`mailto:${encodeURIComponent(email)}`}>{email}</a>
        {status === 'refused' && reason && <p>{t('application.refused_why', { reason })}</p>}
      </div>
      {status === 'pending' && <Decide hospital={hospital} email={email} onDecided={onDecided} />}
    </>
  );
}

function Decide({ hospital, email, onDecided }: Decided & { hospital: Hospital; email: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const action = useAction();
  const [isRefusing, setRefusing] = useState(false);
  const [reason, setReason] = useState('');
  const decide = (approved: boolean) =>
    action.act(async () => {
      const body = approved ? { approved } : { approved, reason: reason.trim() };
      await request('PUT', `/api/hospitals/${hospital.id}/approval`, { body });
      setRefusing(false);
      onDecided(t(approved ? 'application.done_approve' : 'application.done_refuse', { name: hospital.name }));
      await client.invalidateQueries({ queryKey: ['admin'] });
      await client.invalidateQueries({ queryKey: ['directory'] });
    });
  const refuse = () => {
    if (reason.trim()) return decide(false);
    action.setFields({ reason: t('application.reason_missing') });
  };
  return (
    <div className={classes.approve}>
      <Button compact loading={action.pending && !isRefusing} onClick={() => decide(true)}>
        {t('admin.approve')}
        <span className="hidden">: {hospital.name}</span>
      </Button>
      <Button compact variant="default" color="danger" onClick={() => setRefusing(true)}>
        {t('admin.refuse')}
        <span className="hidden">: {hospital.name}</span>
      </Button>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <Dialog
        open={isRefusing}
        title={t('admin.refuse_title', { name: hospital.name })}
        onClose={() => setRefusing(false)}
      >
        <Form label={t('admin.refuse_title', { name: hospital.name })} fields={action.fields} onSubmit={refuse}>
          <p>{t('approval.refuse_text')}</p>
          <Textarea
            label={t('application.reason')}
            description={t('application.reason_hint', { email })}
            name="reason"
            aria-required
            maxLength={500}
            rows={3}
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
            error={action.fields.reason}
          />
          <div className="row">
            <Button type="submit" color="danger" loading={action.pending}>
              {t('admin.refuse')}
            </Button>
            <Button variant="default" onClick={() => setRefusing(false)}>
              {t('account.keep')}
            </Button>
          </div>
        </Form>
      </Dialog>
    </div>
  );
}
