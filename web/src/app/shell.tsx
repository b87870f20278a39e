// What is around every page: skip link, header, offline banner, footer.
import { IconDeviceDesktop, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Role } from '../api/types';
import { PageTitle } from '../ui/page';
import { ErrorState } from '../ui/states';
import { languageSet, languages, useTranslation } from './i18n';
import { schemeNext, schemeSet, useScheme } from './scheme';
import { adminRoles, hasRole, staffRoles, useSession } from './session';
import classes from './shell.module.css';
import { paletteOpen, Shortcuts } from './shortcuts';

const Bell = lazy(async () => ({ default: (await import('../features/inbox/bell')).Bell }));

export function Shell() {
  const { t } = useTranslation();
  return (
    <>
      <a href="#main" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <Header />
      <OfflineBanner />
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <Footer />
      <Shortcuts />
    </>
  );
}

/** What each role does most, in the order of the day. */
const navigation = [
  { to: '/doc/today', words: 'shell.today', roles: ['doctor'] },
  { to: '/doc/patients', words: 'shell.patients', roles: ['doctor'] },
  { to: '/doc/schedule', words: 'shell.hours', roles: ['doctor'] },
  { to: '/desk', words: 'shell.board', roles: staffRoles },
  { to: '/desk/new', words: 'shell.desk', roles: staffRoles },
  { to: '/desk/day', words: 'shell.day', roles: staffRoles },
  { to: '/admin', words: 'shell.admin', roles: adminRoles },
] satisfies { to: string; words: string; roles: Role[] }[];

function Header() {
  const { t } = useTranslation();
  const { user, known } = useSession();
  return (
    <header className={classes.header}>
      <div className={classes.bar}>
        <Link to="/" className={classes.brand}>
          <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="var(--brand)" />
            <path
              d="M8 23V9m8 14V9m8 14V9"
              stroke="var(--on-brand)"
              strokeWidth="2.4"
              strokeLinecap="round"
              opacity=".5"
            />
            <path d="M6 16h20" stroke="var(--on-brand)" strokeWidth="3.4" strokeLinecap="round" />
          </svg>
          <span className={classes.wordmark}>Fairward</span>
        </Link>
        <nav aria-label={t('shell.navigation')} className={classes.nav}>
          <Link to="/" activeOptions={{ exact: true, includeSearch: false }} className={classes.link}>
            {t('shell.find')}
          </Link>
          {navigation
            .filter((entry) => hasRole(user, entry.roles))
            .map((entry) => (
              <Link
                key={entry.to}
                to={entry.to}
                activeOptions={{ exact: entry.to === '/desk', includeSearch: false }}
                className={classes.link}
              >
                {t(entry.words)}
              </Link>
            ))}
          {user ? (
            <Link to="/me" className={classes.link}>
              {t(user.role === 'patient' ? 'shell.me' : 'shell.account')}
            </Link>
          ) : (
            <Link to="/login" className={classes.link} data-known={known}>
              {t('shell.sign_in')}
            </Link>
          )}
        </nav>
        <div className={classes.tools}>
          {user && (
            <Suspense fallback={<span className={classes.bellPlace} />}>
              <Bell userId={user.id} />
            </Suspense>
          )}
          <button
            type="button"
            className={classes.scheme}
            onClick={paletteOpen}
            aria-label={t('shell.palette')}
            title={t('shell.palette')}
            aria-keyshortcuts="Control+K Meta+K"
          >
            <IconSearch size={22} aria-hidden="true" />
          </button>
          <LanguageSelect />
          <SchemeSwitch />
        </div>
      </div>
    </header>
  );
}

function LanguageSelect() {
  const { t, language } = useTranslation();
  return (
    <select
      className={classes.language}
      aria-label={t('shell.language')}
      value={language}
      onChange={(e) => languageSet(e.currentTarget.value)}
    >
      {languages.map((l) => (
        <option key={l.code} value={l.code} lang={l.code}>
          {l.name}
        </option>
      ))}
    </select>
  );
}

const schemeIcons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

function SchemeSwitch() {
  const { t } = useTranslation();
  const scheme = useScheme();
  const next = schemeNext(scheme);
  const Icon = schemeIcons[scheme];
  const label = t('shell.scheme', { now: t(`shell.scheme_${scheme}`), next: t(`shell.scheme_${next}`) });
  return (
    <button type="button" className={classes.scheme} onClick={() => schemeSet(next)} aria-label={label} title={label}>
      <Icon size={22} aria-hidden="true" />
    </button>
  );
}

export function useOnline() {
  const [online, setOnline] = useState(navigator.onLine !== false);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine !== false);
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  return online;
}

function OfflineBanner() {
  const { t } = useTranslation();
  const online = useOnline();
  return (
    <div role="status" className={online ? undefined : classes.offline}>
      {online ? '' : t('shell.offline')}
    </div>
  );
}

function Footer() {
  const { t } = useTranslation();
  return (
    <footer className={classes.footer}>
      <p>{t('shell.promise')}</p>
      <p>
        <Link to="/accessibility">{t('shell.accessibility')}</Link>
      </p>
      <p>
        <Link to="/docs">{t('shell.api')}</Link>
      </p>
    </footer>
  );
}

/** A page that broke: the shell stays, the words come from the error, a reload is one press away. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <div className="narrow stack">
      <PageTitle>{t('state.broken')}</PageTitle>
      <ErrorState error={error} onRetry={() => window.location.reload()} />
    </div>
  );
}
