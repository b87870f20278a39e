// All words come from message files. The first page's English is built in; the other pages' English comes with the
// first of them, other languages when they are chosen.
import { useSyncExternalStore } from 'react';
import en from '../i18n/en.json';
import { exists, languageChange, languageNow, messagesAdd, messagesKnown, onLanguage, translate } from './messages';

export const languages = [
  { code: 'en', name: 'English', locale: 'en-IN' },
  { code: 'hi', name: 'हिन्दी', locale: 'hi-IN' },
] as const;
const storageKey = 'fairward.language';

const loaders: Record<string, () => Promise<{ default: object }>> = {
  hi: async () => {
    const [words] = await Promise.all([
      import('../i18n/hi.json'),
      import('@fontsource-variable/noto-sans-devanagari/wght.css'),
    ]);
    return words;
  },
};

let pageWords: Promise<void> | undefined;
/** English for every page but the first. */
export function pageWordsLoad() {
  pageWords ??= import('../i18n/en_pages.json').then((words) => {
    messagesAdd('en', words.default);
  });
  return pageWords;
}

export async function languageSet(code: string) {
  const load = loaders[code];
  if (load && !messagesKnown(code)) messagesAdd(code, (await load()).default);
  languageChange(code);
  document.documentElement.lang = code;
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
  if (chosen && chosen !== 'en' && languages.some((l) => l.code === chosen)) {
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
  return languages.find((l) => l.code === language)?.locale ?? 'en-IN';
}
