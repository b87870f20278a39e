// One operation: a line to find it by, everything else on demand.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { Code } from './code';
import classes from './docs.module.css';
import {
  bodySchema,
  codesOf,
  curlOf,
  type Document,
  type Operation,
  type Parameter,
  refName,
  resolve,
  type Schema,
  typeText,
} from './openapi';

interface OperationViewProps {
  document: Document;
  operation: Operation;
  openAtFirst: boolean;
}

export function OperationView({ document, operation, openAtFirst }: OperationViewProps) {
  const [open, setOpen] = useState(openAtFirst);
  const place = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!openAtFirst) return;
    setOpen(true);
    place.current?.scrollIntoView({ block: 'start' });
  }, [openAtFirst]);
  return (
    <details
      ref={place}
      id={operation.operationId}
      className={classes.operation}
      open={open}
      onToggle={(e) => setOpen(e.currentTarget.open)}
    >
      <summary>
        <span className={classes.method} data-method={operation.method}>
          {operation.method}
        </span>
        <code className={classes.path}>{operation.path}</code>
        <span className={classes.summary}>{operation.summary}</span>
      </summary>
      {open && <Details document={document} operation={operation} />}
    </details>
  );
}

function Details({ document, operation }: { document: Document; operation: Operation }) {
  const { t } = useTranslation();
  const good = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const rights = Object.entries(operation['x-rights'] ?? {});
  const codes = codesOf(operation);
  return (
    <div className={classes.details}>
      {operation.description && <p>{operation.description}</p>}
      <p>
        <code>{operation.operationId}</code> · {t('docs.allowed')}{' '}
        {rights.length > 0
          ? rights.map(([role, scope]) => `${role} (${t(`docs.scope_${scope}`)})`).join(', ')
          : t('docs.everyone')}
      </p>
      <Parameters document={document} parameters={operation.parameters ?? []} />
      <SchemaTable document={document} title={t('docs.takes')} schema={bodySchema(operation.requestBody)} />
      {good && (
        <SchemaTable
          document={document}
          title={t('docs.gives', { status: good[0] })}
          schema={bodySchema(good[1])}
          empty={good[1].description}
        />
      )}
      {codes.length > 0 && (
        <p>
          {t('docs.problems')}{' '}
          {codes.map((code, index) => (
            <span key={code}>
              {index > 0 && ', '}
              <a href={`/problems/${code}`}>
                <code>{code}</code>
              </a>
            </span>
          ))}
        </p>
      )}
      <Code label={`${t('docs.code')}: ${operation.operationId}`}>
        {curlOf(document, operation, window.location.origin)}
      </Code>
      {operation.method === 'GET' && operation.path !== '/api/events' && <TryIt operation={operation} />}
    </div>
  );
}

function Parameters({ document, parameters }: { document: Document; parameters: Parameter[] }) {
  const { t } = useTranslation();
  if (parameters.length === 0) return null;
  return (
    <Table title={t('docs.parameters')}>
      {parameters.map((p) => (
        <tr key={`${p.in}-${p.name}`}>
          <th scope="row">
            <code>{p.name}</code>
          </th>
          <td>{[p.in, p.required && t('docs.required')].filter(Boolean).join(', ')}</td>
          <td>
            {typeText(document, p.schema)}
            {p.description && <div className="muted">{p.description}</div>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

interface SchemaTableProps {
  document: Document;
  title: string;
  schema?: Schema;
  empty?: string;
  depth?: number;
}

function SchemaTable({ document, title, schema, empty, depth = 0 }: SchemaTableProps) {
  const { t } = useTranslation();
  const resolved = resolve(document, schema);
  const inner = resolved?.type === 'array' ? resolve(document, resolved.items) : resolved;
  const name = refName(schema) ?? refName(resolved?.items);
  if (!inner?.properties) return empty && !schema ? <p className="muted">{`${title}: ${empty}`}</p> : null;
  const members = Object.entries(inner.properties);
  const nested = members
    .map(([, member]) => member.items ?? member)
    .filter((member) => refName(member) && resolve(document, member)?.properties);
  const names = [...new Map(nested.map((member) => [refName(member), member])).values()];
  return (
    <>
      <Table title={name ? `${title}: ${name}` : title}>
        {members.map(([member, type]) => (
          <tr key={member}>
            <th scope="row">
              <code>{member}</code>
            </th>
            <td>{inner.required?.includes(member) ? t('docs.required') : t('docs.optional')}</td>
            <td>
              {typeText(document, type)}
              {type.description && <div className="muted">{type.description}</div>}
            </td>
          </tr>
        ))}
      </Table>
      {depth < 2 &&
        names.map((member) => (
          <details key={refName(member)} className={classes.nested}>
            <summary>{refName(member)}</summary>
            <SchemaTable document={document} title={t('docs.members')} schema={member} depth={depth + 1} />
          </details>
        ))}
    </>
  );
}

function Table({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <table className={classes.table}>
      <caption>{title}</caption>
      <tbody>{children}</tbody>
    </table>
  );
}

/** Asks this very server, as the person who is signed in here. */
function TryIt({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  const [path, setPath] = useState(operation.path.replace(/\{\w+\}/g, '1'));
  const [answer, setAnswer] = useState<string>();
  return (
    <form
      className={classes.try}
      onSubmit={async (event) => {
        event.preventDefault();
        if (!path.startsWith('/') || path.startsWith('//')) return;
        const response = await fetch(path).catch(() => undefined);
        const text = await response?.text().catch(() => '');
        let shown = text ?? '';
        try {
          shown = JSON.stringify(JSON.parse(shown), null, 2);
        } catch {
          // Shown as it came.
        }
        setAnswer(
          response ? `${response.status} ${response.statusText}\n${shown.slice(0, 20_000)}` : t('docs.no_answer'),
        );
      }}
    >
      <TextInput
        label={t('docs.try')}
        spellCheck={false}
        value={path}
        onChange={(e) => setPath(e.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t('docs.send')}
      </Button>
      {answer && <Code label={t('docs.answer')}>{answer}</Code>}
    </form>
  );
}
