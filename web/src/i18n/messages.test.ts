import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import first from './en.json';
import docs from './en_docs.json';
import keys from './en_keys.json';
import pages from './en_pages.json';
import portals from './en_portals.json';
import staff from './en_staff.json';
import hi from './hi.json';
import hiDocs from './hi_docs.json';
import hiKeys from './hi_keys.json';
import hiPortals from './hi_portals.json';
import hiStaff from './hi_staff.json';

type Messages = { [key: string]: string | Messages };
const flat = (messages: Messages, prefix = ''): Record<string, string> =>
  Object.assign(
    {},
    ...Object.entries(messages).map(([key, value]) =>
      typeof value === 'string' ? { [prefix + key]: value } : flat(value, `${prefix + key}.`),
    ),
  );
const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? files(join(folder, e.name)) : [join(folder, e.name)],
  );

const english = flat({ ...first, ...pages, ...staff, ...portals, ...docs, ...keys });
const hindi = flat({ ...hi, ...hiStaff, ...hiPortals, ...hiDocs, ...hiKeys });
const has = (key: string) => key in english || `${key}_other` in english;

describe('messages', () => {
  const sources = files('src').filter((f) => /\.tsx?$/.test(f) && !f.includes('.test.'));
  const used = sources.flatMap((f) =>
    [...readFileSync(f, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)].map((m) => m[1] ?? ''),
  );
  const families = sources.flatMap((f) =>
    [...readFileSync(f, 'utf8').matchAll(/\bt\(\s*`([\w.]+)\$\{/g)].map((m) => m[1] ?? ''),
  );

  it('has English words for every key that is used', () => {
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((key) => !has(key))).toEqual([]);
    expect(families.filter((start) => !Object.keys(english).some((key) => key.startsWith(start)))).toEqual([]);
  });
  it('has Hindi only for keys that exist, with the same values filled in', () => {
    const values = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
    expect(Object.keys(hindi).filter((key) => !(key in english))).toEqual([]);
    expect(Object.keys(hindi).filter((key) => values(hindi[key]).join() !== values(english[key]).join())).toEqual([]);
  });
  it('calls no two places of the navigation, or areas of the administration, the same', () => {
    const areas = [...readFileSync('src/features/admin/admin_frame.tsx', 'utf8').matchAll(/^ {2}'(\w+)',$/gm)];
    const places = [...readFileSync('src/app/shell.tsx', 'utf8').matchAll(/words: '(shell\.\w+)'/g)];
    const keys = [areas.map((m) => `admin.${m[1]}`), places.map((m) => m[1] ?? '')];
    for (const words of [english, hindi])
      for (const list of keys) {
        expect(list.length).toBeGreaterThan(6);
        expect(new Set(list.map((key) => words[key])).size).toBe(list.length);
      }
  });
  it('has no English sentence for Hindi', () => {
    const same = Object.keys(english).filter((key) => hindi[key] === english[key]);
    expect(same.filter((key) => /[a-z]{2,} [a-z]{2,}/i.test(english[key] ?? ''))).toEqual([]);
  });
  it('has everything in Hindi', () => {
    const missing = Object.keys(english).filter((key) => english[key] && !(key in hindi));
    expect(missing).toEqual([]);
  });
});
