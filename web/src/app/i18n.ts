// All words come from message files; English is built in, other languages are fetched when chosen.
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
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
  await i18next.use(initReactI18next).init({
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

export function useLocale() {
  const { i18n } = useTranslation();
  return languages.find((l) => l.code === i18n.language)?.locale ?? 'en-IN';
}
