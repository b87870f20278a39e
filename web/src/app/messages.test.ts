import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exists, languageChange, messagesAdd, onLanguage, translate } from './messages';

describe('messages by key', () => {
  beforeAll(() => {
    messagesAdd('en', {
      probe: { plain: 'Hello {{name}}', days_zero: 'none', days_one: '{{count}} day', days_other: '{{count}} days' },
    });
    messagesAdd('hi', { probe: { days_one: '{{count}} दिन', days_other: '{{count}} दिनों' } });
  });
  afterEach(() => languageChange('en'));

  it.each([
    [0, 'none'],
    [1, '1 day'],
    [2, '2 days'],
    [123456, '1,23,456 days'],
  ])('says %d in its plural form', (count, words) => expect(translate('probe.days', { count })).toBe(words));
  it('fills values in', () => expect(translate('probe.plain', { name: '<b>$&</b>' })).toBe('Hello <b>$&</b>'));
  it('follows the plural rules of the chosen language, where nought is one', () => {
    languageChange('hi');
    expect(translate('probe.days', { count: 1 })).toBe('1 दिन');
    expect(translate('probe.days', { count: 0 })).toBe('0 दिन');
  });
  it('falls back to English, then to the key', () => {
    languageChange('hi');
    expect(translate('probe.plain', { name: 'A' })).toBe('Hello A');
    expect(translate('probe.nothing')).toBe('probe.nothing');
    expect([exists('probe.plain'), exists('probe.nothing'), exists('probe')]).toEqual([true, false, false]);
  });
  it('tells who listens, until they stop', () => {
    let heard = 0;
    const stop = onLanguage(() => heard++);
    languageChange('hi');
    stop();
    languageChange('en');
    expect(heard).toBe(1);
  });
});
