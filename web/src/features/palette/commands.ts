// What the palette offers, by role; and how typed words choose among it. Pure.
import type { Role, User } from '../../api/types';
import { adminRoles, hasRole, staffRoles } from '../../app/session';

export interface PageCommand {
  to: string;
  words: string;
  /** Everyone without it. */
  roles?: Role[];
}

export const pageCommands: PageCommand[] = [
  { to: '/doc/today', words: 'palette.today', roles: ['doctor'] },
  { to: '/doc/schedule', words: 'palette.hours', roles: ['doctor'] },
  { to: '/doc/patients', words: 'palette.my_patients', roles: ['doctor'] },
  { to: '/doc/referrals', words: 'palette.referrals', roles: ['doctor'] },
  { to: '/desk', words: 'palette.board', roles: staffRoles },
  { to: '/desk/new', words: 'palette.booking', roles: staffRoles },
  { to: '/desk/day', words: 'palette.day', roles: staffRoles },
  { to: '/desk/follow-ups', words: 'palette.follow_ups', roles: staffRoles },
  { to: '/admin', words: 'palette.admin', roles: adminRoles },
  { to: '/admin/hospitals', words: 'palette.hospitals', roles: adminRoles },
  { to: '/admin/doctors', words: 'palette.admin_doctors', roles: adminRoles },
  { to: '/admin/users', words: 'palette.users', roles: staffRoles },
  { to: '/admin/stats', words: 'admin.stats', roles: adminRoles },
  { to: '/admin/approvals', words: 'admin.approvals', roles: adminRoles },
  { to: '/admin/invitations', words: 'admin.invitations', roles: adminRoles },
  { to: '/admin/emergencies', words: 'admin.emergencies', roles: adminRoles },
  { to: '/admin/deliveries', words: 'admin.deliveries', roles: adminRoles },
  { to: '/admin/webhooks', words: 'admin.webhooks', roles: adminRoles },
  { to: '/admin/exports', words: 'admin.exports', roles: adminRoles },
  { to: '/admin/keys', words: 'admin.keys', roles: adminRoles },
  { to: '/admin/reviews', words: 'palette.reviews', roles: adminRoles },
  { to: '/admin/audit', words: 'palette.audit', roles: adminRoles },
  { to: '/admin/errors', words: 'palette.errors', roles: ['platform_admin'] },
  { to: '/', words: 'palette.search' },
  { to: '/me', words: 'palette.me', roles: ['patient'] },
  { to: '/me/records', words: 'palette.records', roles: ['patient'] },
  { to: '/me', words: 'shell.account', roles: ['doctor', ...staffRoles] },
  { to: '/me/messages', words: 'palette.messages', roles: ['patient', 'doctor', ...staffRoles] },
  { to: '/me/exports', words: 'palette.exports', roles: ['patient', 'doctor'] },
  { to: '/docs', words: 'palette.docs' },
];

export const commandsFor = (user: User | undefined) => pageCommands.filter((c) => !c.roles || hasRole(user, c.roles));

/** Every typed word begins a word of the name. */
export function fits(name: string, typed: string) {
  const words = name.toLowerCase().split(/[\s:,]+/);
  return typed
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
