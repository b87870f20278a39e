// A login name is a phone number, an e-mail address or a logon id; the three are told apart by their looks.
export type LoginKind = 'phone' | 'email' | 'logon_id';

export function loginKind(login: string): LoginKind {
  if (login.includes('@')) return 'email';
  if (/^\+?[\d\s().-]{6,20}$/.test(login)) return 'phone';
  return 'logon_id';
}

/** What is sent: without the spaces people type into phone numbers. */
export function loginClean(login: string) {
  const trimmed = login.trim();
  return loginKind(trimmed) === 'phone' ? trimmed.replace(/[\s().-]/g, '') : trimmed;
}
