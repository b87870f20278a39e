import { type ReactNode, useEffect, useRef } from 'react';

let lastPath: string | undefined;
let navigated = false;

/** A page's heading: names the document and takes the focus after a navigation, so that it is read out. */
export function PageTitle({ children, title, hidden }: { children: ReactNode; title?: string; hidden?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const text = title ?? (typeof children === 'string' ? children : undefined);
  useEffect(() => {
    if (text) document.title = `${text} – Fairward`;
  }, [text]);
  useEffect(() => {
    const path = window.location.pathname;
    const moved = lastPath !== undefined && lastPath !== path;
    lastPath = path;
    navigated ||= moved;
    // A freshly opened document starts at its top. After a navigation the heading takes the focus, and takes it again
    // when the loading page with its own heading gives way to the loaded one.
    if (moved || (navigated && document.activeElement === document.body))
      heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={hidden ? 'hidden' : 'page-title'}>
      {children}
    </h1>
  );
}
