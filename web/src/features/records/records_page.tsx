// The patient's own record: what lasts, what happened when, one's files, and who else has looked.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get, urlWith } from '../../api/client';
import type { Page, PatientSummary, RecordDocument, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import { AllLooks } from './looks';
import { SummaryCards, Timeline, useWhen } from './record_parts';
import classes from './records.module.css';
import { uploadFile } from './upload';

export function RecordsPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={['patient']} title={t('records.title')}>
      {(user) => <OwnRecord user={user} />}
    </Guard>
  );
}

function OwnRecord({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <div className={`stack ${classes.page}`}>
      <div className={classes.head}>
        <div>
          <PageTitle>{t('records.title')}</PageTitle>
          <p className="muted">{t('records.text')}</p>
        </div>
        <LinkButton to="/me/exports" variant="default">
          {t('records.export')}
        </LinkButton>
      </div>
      <Summary id={user.id} />
      <Timeline id={user.id} visitTo="/a/$id" empty={t('records.empty_hint')} />
      <Documents id={user.id} />
      <AllLooks />
    </div>
  );
}

function Summary({ id }: { id: number }) {
  const query = useQuery({
    queryKey: ['records', id, 'summary'],
    queryFn: ({ signal }) => get<PatientSummary>(`/api/patients/${id}/summary`, undefined, signal),
  });
  if (query.isPending) return <Loading />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  return <SummaryCards summary={query.data} />;
}

function Documents({ id }: { id: number }) {
  const { t } = useTranslation();
  const when = useWhen();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const key = ['records', id, 'documents'];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<Page<RecordDocument>>(`/api/patients/${id}/documents`, { limit: 50 }, signal),
  });
  const add = async (file: File | undefined) => {
    if (!file) return;
    setPending(true);
    setError(undefined);
    try {
      await uploadFile(urlWith(`/api/patients/${id}/documents`, { name: file.name }), file);
      await client.invalidateQueries({ queryKey: ['records', id] });
    } catch (problem) {
      setError(problem);
    }
    if (input.current) input.current.value = '';
    setPending(false);
  };
  return (
    <section aria-labelledby="documents">
      <h2 id="documents">{t('records.documents')}</h2>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.items.length === 0 && <p className="muted">{t('records.no_documents')}</p>}
      <ul className={classes.plain}>
        {query.data?.items.map((one) => (
          <li key={one.id}>
            <a href={`/api/documents/${one.id}`} download={one.name}>
              {one.name}
            </a>{' '}
            <span className="muted">{when(one.added_at)}</span>
          </li>
        ))}
      </ul>
      <label className={classes.file}>
        <span>{t(pending ? 'records.adding' : 'records.add_document')}</span>
        <input
          ref={input}
          type="file"
          disabled={pending}
          accept=".pdf,.png,.jpg,.jpeg,.webp,.tif,.tiff,.txt,.dcm"
          onChange={(e) => add(e.currentTarget.files?.[0])}
        />
      </label>
      {error !== undefined && <ErrorState error={error} />}
    </section>
  );
}
