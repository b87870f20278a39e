// Text to copy into a terminal.
import { useState } from 'react';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import classes from './docs.module.css';

export function Code({ children, label }: { children: string; label?: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // The clipboard needs a secure origin; elsewhere the text can be selected.
    await navigator.clipboard?.writeText(children).then(
      () => setCopied(true),
      () => undefined,
    );
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className={classes.code}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} role="region" aria-label={label ?? t('docs.code')}>
        <code>{children}</code>
      </pre>
      {'clipboard' in navigator && (
        <Button compact variant="default" onClick={copy}>
          <span role="status">{t(copied ? 'docs.copied' : 'docs.copy')}</span>
        </Button>
      )}
    </div>
  );
}
