// The choices of how one is told, without a screen. Pure.
import type { Preferences, Role } from '../../api/types';

export type Choice = Preferences['topics'][number];
export const channels = ['app', 'email', 'sms'] as const;
export type Channel = (typeof channels)[number];

const reportRoles: Role[] = ['doctor', 'hospital_admin', 'platform_admin'];

/** What may be chosen: matters of the account are told in any case, reports go to who answers for something. */
export const topicsFor = (role: Role, topics: Choice[]) =>
  topics.filter(({ topic }) => topic !== 'account' && (topic !== 'reports' || reportRoles.includes(role)));

export const choose = (topics: Choice[], topic: Choice['topic'], channel: Channel, isOn: boolean) =>
  topics.map((one) => (one.topic === topic ? { ...one, [channel]: isOn } : one));

export const quietDefault = { from: '21:00', to: '08:00' };
/** Hours that end as they begin are none. */
export const hasQuiet = ({ from, to }: Preferences['quiet']) => from !== to;
