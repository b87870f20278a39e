import { describe, expect, it } from 'vitest';
import { type Choice, choose, hasQuiet, topicsFor } from './telling_rules';

const topics: Choice[] = (['bookings', 'offers', 'reminders', 'reports', 'account'] as const).map((topic) => ({
  topic,
  email: true,
  sms: false,
  app: true,
}));
const names = (list: Choice[]) => list.map(({ topic }) => topic);

describe('how one is told', () => {
  it('offers reports to who answers for something, and never what is told in any case', () => {
    expect(names(topicsFor('patient', topics))).toEqual(['bookings', 'offers', 'reminders']);
    expect(names(topicsFor('front_desk', topics))).toEqual(['bookings', 'offers', 'reminders']);
    expect(names(topicsFor('doctor', topics))).toEqual(['bookings', 'offers', 'reminders', 'reports']);
  });
  it('changes one way of one topic', () => {
    const changed = choose(topics, 'offers', 'sms', true);
    expect(changed.filter((one) => one.sms).map(({ topic }) => topic)).toEqual(['offers']);
    expect(changed[0]).toBe(topics[0]);
  });
  it('knows quiet hours, also over midnight, from none', () => {
    expect(hasQuiet({ from: '21:00', to: '08:00' })).toBe(true);
    expect(hasQuiet({ from: '00:00', to: '00:00' })).toBe(false);
  });
});
