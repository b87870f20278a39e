// Light, dark, or as the system says. public/boot.js reads the same key before the first paint.
import { useSyncExternalStore } from 'react';

export const schemes = ['auto', 'light', 'dark'] as const;
export type Scheme = (typeof schemes)[number];
const storageKey = 'fairward.scheme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function read(): Scheme {
  try {
    return schemes.find((s) => s === localStorage.getItem(storageKey)) ?? 'auto';
  } catch {
    return 'auto';
  }
}
let chosen = read();

function show() {
  const dark = chosen === 'dark' || (chosen === 'auto' && systemDark.matches);
  document.documentElement.dataset.scheme = dark ? 'dark' : 'light';
}
systemDark.addEventListener?.('change', show);
// Paper is light.
window.addEventListener('beforeprint', () => {
  document.documentElement.dataset.scheme = 'light';
});
window.addEventListener('afterprint', show);

export function schemeSet(scheme: Scheme) {
  chosen = scheme;
  try {
    localStorage.setItem(storageKey, scheme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  show();
  for (const changed of listeners) changed();
}
export const schemeNext = (scheme: Scheme) => schemes[(schemes.indexOf(scheme) + 1) % schemes.length] ?? 'auto';

export const useScheme = () =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => chosen,
  );
