import { type ReactNode, useEffect, useRef } from 'react';

let pagesShown = 0;

/** A page's heading: names the document and takes the focus after a navigation, so that it is read out. */
export function PageTitle({ children, title, hidden }: { children: ReactNode; title?: string; hidden?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const text = title ?? (typeof children === 'string' ? children : undefined);
  useEffect(() => {
    if (text) document.title = `${text} – Fairward`;
  }, [text]);
  useEffect(() => {
    pagesShown += 1;
    // Not on the first page: a freshly opened document starts at its top.
    if (pagesShown > 1) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={hidden ? 'hidden' : 'page-title'}>
      {children}
    </h1>
  );
}
