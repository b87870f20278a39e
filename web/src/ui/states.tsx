// What a page shows when it has nothing to show yet, nothing at all, or when something failed.

import type { ReactNode } from 'react';
import { Problem } from '../api/client';
import { useTranslation } from '../app/i18n';
import { Button } from './button';
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
  const { t, exists } = useTranslation();
  return (error: unknown) => {
    if (!(error instanceof Problem)) return { title: t('problem.unknown'), detail: undefined };
    const key = `problem.${error.code.replaceAll('.', '_')}`;
    const title = exists(key) ? t(key) : error.body.title || t('problem.unknown');
    const fields = error.body.errors?.map((e) => e.detail).join(' ');
    return { title, detail: error.body.detail ?? (fields || undefined) };
  };
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { title, detail } = useProblemWords()(error);
  const requestId = error instanceof Problem ? error.body.request_id : undefined;
  return (
    <Notice
      kind={error instanceof Problem && error.unanswered ? 'warn' : 'danger'}
      role="alert"
      title={title}
      actions={
        onRetry && (
          <Button variant="default" onClick={onRetry}>
            {t('state.retry')}
          </Button>
        )
      }
    >
      {detail && <p>{detail}</p>}
      {requestId && <p className="muted">{t('state.request_id', { id: requestId })}</p>}
    </Notice>
  );
}
