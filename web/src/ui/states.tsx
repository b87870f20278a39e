// What a page shows when it has nothing to show yet, nothing at all, or when something failed.

import type { ReactNode } from 'react';
import { Problem } from '../api/client';
import { useTranslation } from '../app/i18n';
import { Button } from './button';
import { LinkButton } from './links';
import { Notice } from './notice';
import classes from './states.module.css';

export function Loading({ lines = 4, height = 20 }: { lines?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="stack">
      <span className="hidden">{t('state.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change their order
        <div key={line} className={classes.skeleton} style={{ height }} data-last={line === lines - 1 || undefined} />
      ))}
    </div>
  );
}

export function EmptyState({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <p className={classes.title}>{title}</p>
      {children && <div className="muted">{children}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** The problem in words: ours for what we know, else the server's own title and detail. */
export function useProblemWords() {
  const { t, exists, language } = useTranslation();
  return (error: unknown) => {
    if (!(error instanceof Problem)) return { title: t('problem.unknown'), detail: undefined };
    const key = `problem.${error.code.replaceAll('.', '_')}`;
    // The server speaks English only; in another language what its status says in general is better than that.
    const general = `problem.http_${error.status}`;
    const told = language !== 'en' && exists(general) ? t(general) : error.body.title;
    const title = exists(key) ? t(key) : told || t('problem.unknown');
    const fields = error.body.errors?.map((e) => e.detail).join(' ');
    return { title, detail: error.body.detail ?? (fields || undefined) };
  };
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { title, detail } = useProblemWords()(error);
  const status = error instanceof Problem ? error.status : 0;
  // Of use to who looks into the server's log, which is where the server's own faults are.
  const lookedFor =
    error instanceof Problem && status >= 500 ? (error.body.trace_id ?? error.body.request_id) : undefined;
  const isGone = status === 404;
  return (
    <Notice
      kind={isGone || (error instanceof Problem && error.unanswered) ? 'warn' : 'danger'}
      role="alert"
      title={title}
      actions={
        onRetry &&
        (isGone ? (
          <LinkButton to="/" variant="default">
            {t('not_found.search')}
          </LinkButton>
        ) : (
          <Button variant="default" onClick={onRetry}>
            {t('state.retry')}
          </Button>
        ))
      }
    >
      {detail && <p>{detail}</p>}
      {lookedFor && <p className="muted">{t('state.request_id', { id: lookedFor })}</p>}
    </Notice>
  );
}
