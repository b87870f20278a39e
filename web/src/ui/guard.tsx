// A page for people of certain roles: who is not signed in is asked to, who may not see it is told why.
import type { ReactNode } from 'react';
import type { Role, User } from '../api/types';
import { useTranslation } from '../app/i18n';
import { hasRole, homeOf, useSession } from '../app/session';
import { Button } from './button';
import { LinkButton } from './links';
import { Notice } from './notice';
import { PageTitle } from './page';
import { EmptyState, ErrorState, Loading } from './states';

interface GuardProps {
  roles: Role[];
  title: string;
  children: (user: User) => ReactNode;
}

export function Guard({ roles, title, children }: GuardProps) {
  const { t } = useTranslation();
  const { user, known, query } = useSession();
  if (user && hasRole(user, roles)) return children(user);
  return (
    <div className="narrow stack">
      <PageTitle>{title}</PageTitle>
      {query.isError && !user && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {!known && !query.isError && <Loading />}
      {known && !user && !query.isError && (
        <EmptyState
          title={t('guard.sign_in')}
          actions={
            <LinkButton to="/login" search={{ next: window.location.pathname + window.location.search }}>
              {t('shell.sign_in')}
            </LinkButton>
          }
        />
      )}
      {user && (
        <Notice
          kind="warn"
          title={t('guard.refused')}
          actions={
            <>
              <LinkButton to={homeOf(user)}>{t('guard.home')}</LinkButton>
              <Button variant="default" onClick={() => window.history.back()}>
                {t('guard.back')}
              </Button>
            </>
          }
        >
          <p>{t('guard.why', { role: t(`role.${user.role}`) })}</p>
        </Notice>
      )}
    </div>
  );
}
