import { describe, expect, it } from 'vitest';
import type { User } from '../../api/types';
import { commandsFor, fits } from './commands';

const user = (role: User['role']) => ({ id: 1, role, name: 'A', status: 'active' }) as User;
const paths = (of?: User) => commandsFor(of).map((c) => c.to);

describe('the palette', () => {
  it('offers each role its own pages', () => {
    expect(paths()).toEqual(['/', '/docs']);
    expect(paths(user('patient'))).toEqual(['/', '/me', '/me/records', '/me/messages', '/me/exports', '/docs']);
    expect(paths(user('doctor'))).toContain('/doc/today');
    expect(paths(user('front_desk'))).toEqual([
      '/desk',
      '/desk/new',
      '/desk/day',
      '/desk/follow-ups',
      '/admin/users',
      '/',
      '/me',
      '/me/messages',
      '/docs',
    ]);
    expect(paths(user('hospital_admin'))).toContain('/admin/users');
    expect(paths(user('patient'))).not.toContain('/admin');
  });

  it.each([
    ['Doctors: entries and hours', 'doc hou', true],
    ['Doctors: entries and hours', 'octors', false],
    ['My day', '', true],
    ['मेरा दिन', 'दि', true],
  ])('%s for "%s": %s', (name, typed, expected) => expect(fits(name, typed)).toBe(expected));
});
