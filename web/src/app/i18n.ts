// All words come from message files. The first page's English is built in; the words of other areas come with the
// first page of the area, other languages when they are chosen.
import { useSyncExternalStore } from 'react';
import en from '../i18n/en.json';
import { directionOf } from './direction';
import { exists, languageChange, languageNow, messagesAdd, messagesKnown, onLanguage, translate } from './messages';

export const languages = [
  { code: 'en', name: 'English', locale: 'en-IN' },
  { code: 'hi', name: 'हिन्दी', locale: 'hi-IN' },
] as const;
/** English from right to left, with the dates and numbers of Arabic: for tests, chosen by storage alone. */
const pseudo = { code: 'ar-XB', locale: 'ar' } as const;
const known = [...languages, pseudo];
const localeOf = (code: string) => known.find((l) => l.code === code)?.locale ?? 'en-IN';
const storageKey = 'fairward.language';

type Words = () => Promise<{ default: object }>;
type Area = 'pages' | 'staff' | 'portals' | 'docs' | 'keys';
// What a language needs for the first page and those of patients; and what each further area adds, by language.
const loaders: Record<string, Words> = {
  hi: async () => {
    const [words] = await Promise.all([
      import('../i18n/hi.json'),
      import('@fontsource-variable/noto-sans-devanagari/wght.css'),
    ]);
    return words;
  },
};
const areas: Record<Area, Record<string, Words>> = {
  pages: { en: () => import('../i18n/en_pages.json') },
  staff: { en: () => import('../i18n/en_staff.json'), hi: () => import('../i18n/hi_staff.json') },
  portals: { en: () => import('../i18n/en_portals.json'), hi: () => import('../i18n/hi_portals.json') },
  keys: { en: () => import('../i18n/en_keys.json'), hi: () => import('../i18n/hi_keys.json') },
  docs: { en: () => import('../i18n/en_docs.json'), hi: () => import('../i18n/hi_docs.json') },
};

const loaded = new Map<string, Promise<void>>();
function loadOnce(name: string, code: string, load: Words | undefined) {
  if (!load) return Promise.resolve();
  const known = loaded.get(`${name}.${code}`);
  if (known) return known;
  const loading = load().then((words) => messagesAdd(code, words.default));
  loaded.set(`${name}.${code}`, loading);
  // A chunk that did not come is asked for again at the next need.
  loading.catch(() => loaded.delete(`${name}.${code}`));
  return loading;
}

const wanted = new Set<Area>();
/** The words of pages beyond the first, English and the chosen language. */
export async function wordsLoad(...names: Area[]) {
  for (const name of names) wanted.add(name);
  await Promise.all(
    names.flatMap((name) => ['en', languageNow()].map((code) => loadOnce(name, code, areas[name][code]))),
  );
}

export async function languageSet(code: string) {
  await Promise.all([
    loadOnce('first', code, loaders[code]),
    ...[...wanted].map((name) => loadOnce(name, code, areas[name][code])),
  ]);
  languageChange(code, localeOf(code));
  document.documentElement.lang = code;
  document.documentElement.dir = directionOf(code);
  try {
    localStorage.setItem(storageKey, code);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export async function i18nStart() {
  if (!messagesKnown('en')) messagesAdd('en', en);
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(storageKey);
  } catch {
    // See languageSet.
  }
  if (chosen && chosen !== 'en' && known.some((l) => l.code === chosen)) {
    await languageSet(chosen).catch(() => undefined);
  }
}

/** The words for a component, which is rendered again when the language changes. */
export function useTranslation() {
  const language = useSyncExternalStore(onLanguage, languageNow);
  return { t: translate, exists, language };
}

export function useLocale() {
  const { language } = useTranslation();
  return localeOf(language);
}
