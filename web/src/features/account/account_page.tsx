// Sign-in and security: where one is signed in, the second factor, the password, and for whom one acts.
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from '../../app/i18n';
import { adminRoles, hasRole, useSession } from '../../app/session';
import { PageTitle } from '../../ui/page';
import { ErrorState, Loading } from '../../ui/states';
import classes from './account.module.css';
import { ApiKeys } from './api_keys';
import { CalendarFeed } from './calendar_feed';
import { Family } from './family';
import { Passkeys } from './passkeys';
import { Password } from './password';
import { SecondFactor } from './second_factor';
import { Sessions } from './sessions';
import { Telling } from './telling';

export function AccountPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { user, known, query } = useSession();
  useEffect(() => {
    if (known && !user && !query.isError) navigate({ to: '/login', search: { next: '/me/account' }, replace: true });
  }, [known, user, query.isError, navigate]);
  return (
    <div className={`stack ${classes.page}`}>
      <PageTitle>{t('account.title')}</PageTitle>
      {query.isError && !user && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {!user && !query.isError && <Loading />}
      {user && (
        <>
          <p className="muted">{t('me.signed_in', { name: user.name })}</p>
          {user.role === 'patient' && <Family />}
          <Passkeys />
          <SecondFactor />
          <Password />
          <Telling user={user} />
          {(user.role === 'patient' || user.role === 'doctor') && <CalendarFeed />}
          <Sessions />
          <ApiKeys mayHook={hasRole(user, adminRoles)} />
        </>
      )}
    </div>
  );
}
