// What is around every page of the administrator: who may enter, the areas, and how many accounts wait.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { get } from '../../api/client';
import type { Page, Role, User } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { adminRoles, hasRole } from '../../app/session';
import { Guard } from '../../ui/guard';
import classes from './admin.module.css';

export function usePendingCount() {
  return useQuery({
    queryKey: ['admin', 'users', 'pending-count'],
    queryFn: ({ signal }) => get<Page<User>>('/api/users', { status: 'pending', limit: 100 }, signal),
    staleTime: 30_000,
    select: (page) => page.items.length,
  }).data;
}

const areas = [
  'stats',
  'hospitals',
  'doctors',
  'users',
  'emergencies',
  'deliveries',
  'reviews',
  'webhooks',
  'audit',
  'exports',
  'keys',
  'errors',
] as const;

/** The errors of the program are nothing for a hospital's administrator. */
export const mayEnter = (user: User, area: string) => area !== 'errors' || user.role === 'platform_admin';

interface AdminFrameProps {
  title: string;
  /** Who may enter: the administrators, where nothing else is said. */
  roles?: Role[];
  children: (user: User) => ReactNode;
}

export function AdminFrame({ title, roles = adminRoles, children }: AdminFrameProps) {
  return (
    <Guard roles={roles} title={title}>
      {(user) => (
        <div className={`stack ${classes.page}`}>
          {hasRole(user, adminRoles) && <Tabs user={user} />}
          {children(user)}
        </div>
      )}
    </Guard>
  );
}

function Tabs({ user }: { user: User }) {
  const { t } = useTranslation();
  const pending = usePendingCount();
  const nav = useRef<HTMLElement>(null);
  // On a phone the areas are one line that is moved sideways; how many wait makes it longer when it is known.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count changes the place
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pending]);
  return (
    <nav ref={nav} className={classes.tabs} aria-label={t('admin.areas')}>
      {areas
        .filter((area) => mayEnter(user, area))
        .map((area) => (
          <Link
            key={area}
            to={`/admin/${area}`}
            search={area === 'users' && pending ? { status: 'pending' } : {}}
            activeOptions={{ includeSearch: false }}
            className={classes.tab}
          >
            {t(`admin.${area}`)}
            {area === 'users' && pending ? (
              <span className={`${classes.badge} numbers`}>
                <span aria-hidden="true">{pending}</span>
                <span className="hidden">{t('admin.pending', { count: pending })}</span>
              </span>
            ) : null}
          </Link>
        ))}
    </nav>
  );
}
