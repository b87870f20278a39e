// Somebody else changed the same thing in the meantime: what they wrote, what is written here, and the choice.
import { useEffect, useRef } from 'react';
import { useTranslation } from '../app/i18n';
import { Button } from './button';
import classes from './conflict.module.css';
import { Notice } from './notice';

export interface ConflictField {
  label: string;
  theirs: string;
  mine: string;
}

interface ConflictProps {
  fields: ConflictField[];
  pending?: boolean;
  onMine: () => void;
  onTheirs: () => void;
}

export function Conflict({ fields, pending, onMine, onTheirs }: ConflictProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  const differing = fields.filter((f) => f.theirs !== f.mine);
  return (
    <div ref={place} tabIndex={-1} className={classes.place}>
      <Notice
        kind="warn"
        role="alert"
        title={t('conflict.title')}
        actions={
          <>
            <Button onClick={onMine} loading={pending}>
              {t('conflict.mine')}
            </Button>
            <Button variant="default" onClick={onTheirs}>
              {t('conflict.theirs')}
            </Button>
          </>
        }
      >
        <p>{t('conflict.text')}</p>
        {differing.length > 0 && (
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('conflict.field')}</th>
                <th scope="col">{t('conflict.now')}</th>
                <th scope="col">{t('conflict.yours')}</th>
              </tr>
            </thead>
            <tbody>
              {differing.map((f) => (
                <tr key={f.label}>
                  <th scope="row">{f.label}</th>
                  <td>{f.theirs || '–'}</td>
                  <td>{f.mine || '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Notice>
    </div>
  );
}
