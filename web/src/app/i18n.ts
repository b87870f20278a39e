// All words come from message files. The first page's English is built in; the other pages' English comes with the
// first of them, other languages when they are chosen.
import i18next from 'i18next';
import { useSyncExternalStore } from 'react';
import en from '../i18n/en.json';

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
    i18next.addResourceBundle('en', 'translation', words.default, true);
  });
  return pageWords;
}

export async function languageSet(code: string) {
  const load = loaders[code];
  if (load && !i18next.hasResourceBundle(code, 'translation')) {
    i18next.addResourceBundle(code, 'translation', (await load()).default);
  }
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
  try {
    localStorage.setItem(storageKey, code);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export async function i18nStart() {
  await i18next.init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
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

function onLanguage(changed: () => void) {
  i18next.on('languageChanged', changed);
  return () => i18next.off('languageChanged', changed);
}

// What react-i18next would give, for a tenth of its size: the component is rendered again when the language changes.
export function useTranslation() {
  const language = useSyncExternalStore(onLanguage, () => i18next.language);
  return { t: i18next.t, i18n: i18next, language };
}

export function useLocale() {
  const { language } = useTranslation();
  return languages.find((l) => l.code === language)?.locale ?? 'en-IN';
}
