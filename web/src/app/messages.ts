// Words by key: the chosen language first, English behind it; {{name}} is filled in, and with a count the form of the
// word follows the language's own plural rules. As much of i18next as the message files use, for a tenth of its size.
export type Messages = { [key: string]: string | Messages };
export type Values = Record<string, string | number | undefined>;

const fallback = 'en';
const bundles = new Map<string, Messages[]>();
const listeners = new Set<() => void>();
let language: string = fallback;
let numbers = 'en-IN';

export const languageNow = () => language;
export const messagesKnown = (code: string) => bundles.has(code);
export function messagesAdd(code: string, messages: object) {
  bundles.set(code, [...(bundles.get(code) ?? []), messages as Messages]);
}
export function languageChange(code: string, locale = `${code}-IN`) {
  language = code;
  numbers = locale;
  for (const changed of listeners) changed();
}
export function onLanguage(changed: () => void) {
  listeners.add(changed);
  return () => {
    listeners.delete(changed);
  };
}

function lookup(code: string, key: string): string | undefined {
  for (const messages of bundles.get(code) ?? []) {
    let found: string | Messages | undefined = messages;
    for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
    if (typeof found === 'string') return found;
  }
  return undefined;
}

const pluralRules = new Map<string, Intl.PluralRules>();
function pluralOf(code: string, count: number) {
  const rules = pluralRules.get(code) ?? new Intl.PluralRules(code);
  pluralRules.set(code, rules);
  return rules.select(count);
}

/** The forms a key may have, best first. */
function formsOf(code: string, key: string, count: unknown) {
  if (typeof count !== 'number') return [key];
  return [...(count === 0 ? [`${key}_zero`] : []), `${key}_${pluralOf(code, count)}`, `${key}_other`, key];
}

function template(key: string, count?: unknown) {
  for (const code of new Set([language, fallback]))
    for (const form of formsOf(code, key, count)) {
      const found = lookup(code, form);
      if (found !== undefined) return found;
    }
  return undefined;
}

export const exists = (key: string) => template(key) !== undefined;

/** The words of a key; the key itself where there are none, so that a gap is seen. Counts bear their separators. */
export function translate(key: string, values: Values = {}) {
  const words = template(key, values.count) ?? key;
  return words.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' && name === 'count' ? value.toLocaleString(numbers) : String(value);
  });
}
