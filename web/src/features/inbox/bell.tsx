// The bell of the header: leads to the inbox, and says how much of it is new.
import { IconBell } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useLocale, useTranslation } from '../../app/i18n';
import classes from './bell.module.css';
import { useUnread } from './use_inbox';

const countedTo = 100;

export function Bell({ userId }: { userId: number }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const unread = useUnread(userId) ?? 0;
  const label = unread >= countedTo ? t('inbox.bell_many') : t('inbox.bell', { count: unread });
  return (
    <Link to="/me/messages" className={classes.bell} aria-label={label} title={label} data-unread={unread || undefined}>
      <IconBell size={22} aria-hidden="true" />
      {unread > 0 && (
        <span className={`${classes.count} numbers`} aria-hidden="true">
          {unread >= countedTo ? '99+' : unread.toLocaleString(locale)}
        </span>
      )}
    </Link>
  );
}
