// A patient's history outside a visit. Of whom the doctor does not treat it opens in an emergency only: the reason is
// asked, and who will see it is said before.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { get, Intent, Problem } from '../../api/client';
import { fieldErrors } from '../../api/resource';
import type { EmergencyAccess, PatientSummary } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText, timeText, zoneHere } from '../../app/time';
import { Button } from '../../ui/button';
import { Textarea } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { SummaryCards, Timeline } from '../records/record_parts';
import classes from './patients.module.css';
import { numberedPersonWords } from './person_words';

const route = getRouteApi('/doc/patients/$id');
const summaryKey = (id: number) => ['records', id, 'summary'];
const emergencyKey = (id: number) => ['records', id, 'emergency'];

export function HistoryPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  return (
    <Guard roles={['doctor']} title={t('patients.history')}>
      {() => <History key={id} id={Number(id)} />}
    </Guard>
  );
}

function History({ id }: { id: number }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: summaryKey(id),
    queryFn: ({ signal }) => get<PatientSummary>(`/api/patients/${id}/summary`, undefined, signal),
    retry: false,
    staleTime: 0,
  });
  const isForeign = query.error instanceof Problem && query.error.status === 404;
  if (query.data) return <Known id={id} summary={query.data} />;
  return (
    <div className="narrow stack">
      <PageTitle>{t(isForeign ? 'patients.closed' : 'patients.history')}</PageTitle>
      {query.isPending && <Loading />}
      {isForeign && <Emergency id={id} />}
      {query.isError && !isForeign && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
    </div>
  );
}

function Emergency({ id }: { id: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const intent = useRef(new Intent());
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const fields = fieldErrors(error);
  const open = async () => {
    setPending(true);
    setError(undefined);
    try {
      const body = { reason: reason.trim() };
      const given = await intent.current.post<EmergencyAccess>(`/api/patients/${id}/emergency-accesses`, body);
      client.setQueryData(emergencyKey(id), given);
      await client.refetchQueries({ queryKey: summaryKey(id) });
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
  };
  return (
    <>
      <p>{t('patients.closed_text', { id })}</p>
      <Notice kind="warn" title={t('patients.emergency')}>
        <p>{t('patients.emergency_text')}</p>
        <ul className={classes.seen}>
          <li>{t('patients.emergency_hospital')}</li>
          <li>{t('patients.emergency_patient')}</li>
          <li>{t('patients.emergency_hour')}</li>
        </ul>
      </Notice>
      <Form label={t('patients.emergency')} fields={fields} className="card stack" onSubmit={() => !pending && open()}>
        <Textarea
          label={t('patients.emergency_reason')}
          description={t('patients.emergency_reason_hint')}
          rows={3}
          required
          minLength={10}
          maxLength={500}
          value={reason}
          error={fields.reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        {error !== undefined && fields.reason === undefined && <ErrorState error={error} />}
        <div className="row">
          <Button type="submit" color="danger" loading={pending}>
            {t('patients.emergency_open')}
          </Button>
          <LinkButton to="/doc/patients" variant="default">
            {t('patients.back')}
          </LinkButton>
        </div>
      </Form>
    </>
  );
}

function Known({ id, summary }: { id: number; summary: PatientSummary }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const emergency = client.getQueryData<EmergencyAccess>(emergencyKey(id));
  const { patient, visits } = summary;
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <div>
          <PageTitle>{patient.name}</PageTitle>
          <p className="muted">{numberedPersonWords(t, patient)}</p>
        </div>
        <LinkButton to="/doc/patients" variant="default">
          {t('patients.title')}
        </LinkButton>
      </div>
      {emergency && (
        <Notice kind="warn" role="status" title={t('patients.opened')}>
          <p>{t('patients.opened_text', { time: timeText(zoneHere(), emergency.expires_at, locale) })}</p>
        </Notice>
      )}
      <SummaryCards summary={summary} />
      {visits.length > 0 && (
        <section aria-labelledby="history-visits">
          <h2 id="history-visits">{t('treatment.visits')}</h2>
          <ul className={classes.plain}>
            {visits.map((v) => (
              <li key={v.appointment_id}>
                <Link to="/doc/visit/$id" params={{ id: String(v.appointment_id) }}>
                  {dateText(v.starts_at.slice(0, 10), locale, { day: 'numeric', month: 'short', year: 'numeric' })}
                </Link>{' '}
                <span className="muted">
                  {[v.diagnoses.map((d) => d.words).join(', '), v.doctor_name].filter(Boolean).join(' · ')}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Timeline id={id} visitTo="/doc/visit/$id" />
    </div>
  );
}
