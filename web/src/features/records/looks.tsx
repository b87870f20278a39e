// Who else has looked at the patient's record: the whole list, and the newest few for the start page.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Page, RecordAccess } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { momentText } from '../../app/time';
import { LinkButton } from '../../ui/links';
import { ErrorState, Loading } from '../../ui/states';
import { deedKey, gathered, type Looks } from './access_rules';
import classes from './records.module.css';

function useLooks() {
  const { exists } = useTranslation();
  const query = useQuery({
    queryKey: ['records', 'accesses'],
    queryFn: ({ signal }) => get<Page<RecordAccess>>('/api/me/record-accesses', { limit: 100 }, signal),
  });
  return { query, lines: gathered(query.data?.items ?? [], (operation) => deedKey(operation, exists)) };
}

const keyOf = ({ one }: Looks) => `${one.at}${one.operation}${one.name}${one.purpose}`;

export function AllLooks() {
  const { t } = useTranslation();
  const { query, lines } = useLooks();
  return (
    <section aria-labelledby="accesses">
      <h2 id="accesses">{t('looked.accesses')}</h2>
      <p className="muted">{t('records.accesses_text')}</p>
      {query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && lines.length === 0 && <p>{t('looked.no_accesses')}</p>}
      {lines.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('records.when')}</th>
              <th scope="col">{t('records.who')}</th>
              <th scope="col">{t('records.what')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={keyOf(line)}>
                <td className="numbers">
                  <When at={line.one.at} />
                </td>
                <td>
                  <Who one={line.one} />
                </td>
                <td>
                  <What line={line} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const few = 3;

export function NewestLooks() {
  const { t } = useTranslation();
  const { query, lines } = useLooks();
  return (
    <section className="card" aria-labelledby="newest-looks">
      <div className={classes.head}>
        <h2 id="newest-looks">{t('looked.accesses')}</h2>
        <LinkButton to="/me/records" hash="accesses" variant="default" compact>
          {t('looked.all')}
        </LinkButton>
      </div>
      <p className="muted">{t('looked.shown')}</p>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && lines.length === 0 && <p>{t('looked.no_accesses')}</p>}
      <ul className={classes.looks}>
        {lines.slice(0, few).map((line) => (
          <li key={keyOf(line)}>
            <strong>
              <Who one={line.one} />
            </strong>
            <span className="muted">
              <What line={line} /> · <When at={line.one.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function When({ at }: { at: string }) {
  const locale = useLocale();
  return <time dateTime={at}>{momentText(at, locale)}</time>;
}

function Who({ one }: { one: RecordAccess }) {
  const { t } = useTranslation();
  return (
    <>
      {one.name ?? t(`looked.role_${one.role}`)}
      {one.purpose === 'emergency' && <strong className={classes.emergency}> · {t('looked.emergency')}</strong>}
    </>
  );
}

function What({ line: { one, count } }: { line: Looks }) {
  const { t, exists } = useTranslation();
  return (
    <>
      {t(deedKey(one.operation, exists))}
      {count > 1 && <span className="muted numbers"> ×{count}</span>}
    </>
  );
}
