import { describe, expect, it } from 'vitest';
import { loginClean, loginKind } from './login_name';

describe('login name', () => {
  it.each([
    ['+91 98200 12345', 'phone', '+919820012345'],
    ['022-5550 0100', 'phone', '02255500100'],
    ['asha@example.org', 'email', 'asha@example.org'],
    [' front.desk ', 'logon_id', 'front.desk'],
    ['12345', 'logon_id', '12345'],
  ])('%s is a %s', (login, kind, clean) => {
    expect(loginKind(login.trim())).toBe(kind);
    expect(loginClean(login)).toBe(clean);
  });
});
