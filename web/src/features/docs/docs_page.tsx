// The API reference and the quick start, made from the server's own /openapi.json: nothing comes from elsewhere.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { get } from '../../api/client';
import { useTranslation } from '../../app/i18n';
import { TextInput } from '../../ui/fields';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { Code } from './code';
import classes from './docs.module.css';
import { type Document, grouped, matches, operationsOf } from './openapi';
import { OperationView } from './operation_view';
import { QuickStart } from './quick_start';

export function DocsPage() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['directory', 'openapi'],
    queryFn: ({ signal }) => get<Document>('/openapi.json', undefined, signal),
    staleTime: Infinity,
  });
  return (
    <div className={classes.page}>
      <div className={classes.intro}>
        <PageTitle>{t('docs.title')}</PageTitle>
        <p className="muted">
          {t('docs.lead')} <a href="/openapi.json">openapi.json</a> · <a href="/docs/plain">{t('docs.plain')}</a>
        </p>
      </div>
      <QuickStart />
      <Rules />
      <section aria-labelledby="reference" className="stack">
        <h2 id="reference">{t('docs.reference')}</h2>
        {query.isPending && <Loading lines={8} height={44} />}
        {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
        {query.data && <Reference document={query.data} />}
      </section>
    </div>
  );
}

const rules = ['auth', 'errors', 'idempotency', 'versions', 'pages', 'live', 'limits', 'times'] as const;

function Rules() {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">{t('docs.rules')}</h2>
      <dl className={classes.rules}>
        {rules.map((rule) => (
          <div key={rule}>
            <dt>{t(`docs.rule_${rule}`)}</dt>
            <dd>{t(`docs.rule_${rule}_text`)}</dd>
          </div>
        ))}
      </dl>
      <Code label={t('docs.rule_errors')}>
        {'{"type": "/problems/booking.slot_taken", "code": "booking.slot_taken", "status": 409, "request_id": "…"}'}
      </Code>
    </section>
  );
}

function Reference({ document }: { document: Document }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const operations = useMemo(() => operationsOf(document), [document]);
  const found = operations.filter((o) => matches(o, words.trim()));
  const [wanted, setWanted] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    const onHash = () => setWanted(window.location.hash.slice(1));
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  return (
    <>
      <TextInput
        type="search"
        label={t('docs.find')}
        description={t('docs.find_hint')}
        autoComplete="off"
        value={words}
        onChange={(e) => setWords(e.currentTarget.value)}
      />
      <p role="status" className="muted">
        {t('docs.count', { count: found.length })}
      </p>
      {found.length === 0 && <EmptyState title={t('docs.none')} />}
      {grouped(found).map(([tag, list]) => (
        <section key={tag} aria-labelledby={`tag-${tag}`} className="stack">
          <h3 id={`tag-${tag}`} className={classes.tag}>
            {tag} <span className="muted numbers">{list.length}</span>
          </h3>
          <ul className={classes.operations}>
            {list.map((operation) => (
              <li key={operation.operationId}>
                <OperationView
                  document={document}
                  operation={operation}
                  openAtFirst={wanted === operation.operationId || (words.trim() !== '' && found.length === 1)}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
