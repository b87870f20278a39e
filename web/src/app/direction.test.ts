import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alongText, directionOf } from './direction';

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? files(join(folder, e.name)) : [join(folder, e.name)],
  );

/** What is said of left and right, line by line. */
const physical =
  /(^|[\s;{])(left|right)\s*:|\b(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)\b|\b(text-align|float|clear)\s*:\s*(left|right)\b|border-(top|bottom)-(left|right)-radius/;
/** Four values of which the second and the fourth differ are left and right in disguise. */
const fourSides = /\b(margin|padding|inset)\s*:\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+?)\s*(!important\s*)?;/;
const inScript = /\b(margin|padding|border)(Left|Right)\b|textAlign:\s*'(left|right)'/;

function faultOf(line: string) {
  const sides = line.match(fourSides);
  return physical.test(line) || (sides !== null && sides[3] !== sides[5]);
}

describe('right to left', () => {
  it('finds what it looks for', () => {
    for (const line of [
      '  left: 0;',
      '  margin-left: 4px;',
      '  text-align: right;',
      '  padding: 1px 2px 1px 3px;',
      '  border-top-left-radius: 8px;',
    ])
      expect(faultOf(line), line).toBe(true);
    for (const line of ['  margin-inline-start: 4px;', '  padding: 1px 2px 1px 2px;', '  text-align: start;'])
      expect(faultOf(line), line).toBe(false);
  });

  it('no style says left or right', () => {
    const styles = files('src').filter((file) => file.endsWith('.css'));
    expect(styles.length).toBeGreaterThan(20);
    const found = styles.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) => (faultOf(line) ? [`${file}:${at + 1} ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
    const scripts = files('src').filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'));
    expect(scripts.filter((file) => inScript.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it.each([
    ['en', 'ltr'],
    ['hi', 'ltr'],
    ['ar-XB', 'rtl'],
    ['ur', 'rtl'],
    ['arn', 'ltr'],
  ])('%s runs %s', (language, direction) => expect(directionOf(language)).toBe(direction));

  it('the arrows follow the text', () => {
    expect(alongText('ArrowLeft', 'ltr')).toBe('ArrowLeft');
    expect(alongText('ArrowLeft', 'rtl')).toBe('ArrowRight');
    expect(alongText('ArrowRight', 'rtl')).toBe('ArrowLeft');
    expect(alongText('Home', 'rtl')).toBe('Home');
  });
});
