// A modal question on the browser's own dialog: it traps focus, closes with Escape and gives the focus back.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import classes from './dialog.module.css';

interface DialogProps {
  open: boolean;
  title: string;
  children: ReactNode;
  onClose: () => void;
}

export function Dialog({ open, title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} className={classes.dialog} aria-labelledby={label} onClose={onClose}>
      {open && (
        <>
          <h2 id={label} className={classes.title}>
            {title}
          </h2>
          {children}
        </>
      )}
    </dialog>
  );
}
