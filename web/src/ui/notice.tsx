import type { ReactNode } from 'react';
import classes from './notice.module.css';

const glyphs = { info: 'i', ok: '✓', warn: '!', danger: '✕', hold: '◷' };

interface NoticeProps {
  kind: keyof typeof glyphs;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** "alert" interrupts a screen reader, "status" waits its turn; without it the notice is plain content. */
  role?: 'alert' | 'status';
}

export function Notice({ kind, title, children, actions, role }: NoticeProps) {
  return (
    <div className={classes.notice} data-kind={kind} role={role}>
      <span className={classes.glyph} aria-hidden="true">
        {glyphs[kind]}
      </span>
      <div className={classes.body}>
        {title && <p className={classes.title}>{title}</p>}
        {children && <div>{children}</div>}
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
    </div>
  );
}
