// Keys that work everywhere. What they open is loaded with the first press. Keys without Ctrl can be switched off
// (WCAG 2.1.4).
import { lazy, Suspense, useEffect, useState } from 'react';
import { wordsLoad } from './i18n';

const Palette = lazy(async () => {
  const [module] = await Promise.all([import('../features/palette/palette'), wordsLoad('pages', 'staff')]);
  return { default: module.Palette };
});
const ShortcutList = lazy(async () => {
  const [module] = await Promise.all([import('../features/palette/shortcut_list'), wordsLoad('pages')]);
  return { default: module.ShortcutList };
});

const storageKey = 'fairward.single_keys';
export function singleKeysOn() {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}
export function singleKeysSet(on: boolean) {
  try {
    if (on) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, 'off');
  } catch {
    // Without storage the keys work as usual.
  }
}

const opened = 'fairward:palette';
export const paletteOpen = () => window.dispatchEvent(new Event(opened));

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function Shortcuts() {
  const [shown, setShown] = useState<'palette' | 'list'>();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setShown('palette');
      } else if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !singleKeysOn()) {
        return;
      } else if (event.key === '?') {
        event.preventDefault();
        setShown('list');
      } else if (event.key === '/') {
        const field = document.querySelector<HTMLInputElement>(
          'main :is(input[type="search"], input[role="combobox"])',
        );
        if (!field) return;
        event.preventDefault();
        field.focus();
        field.select();
      }
    };
    const onOpen = () => setShown('palette');
    document.addEventListener('keydown', onKey);
    window.addEventListener(opened, onOpen);
    return () => {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener(opened, onOpen);
    };
  }, []);
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette onClose={() => setShown(undefined)} onShortcuts={() => setShown('list')} />}
      {shown === 'list' && <ShortcutList onClose={() => setShown(undefined)} />}
    </Suspense>
  );
}
