// Found people or doctors to choose from: the first takes the focus, arrow keys move, Enter takes.
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import classes from './desk.module.css';

interface PickListProps<T> {
  items: T[];
  keyOf: (item: T) => number;
  onPick: (item: T) => void;
  children: (item: T) => ReactNode;
  /** Focuses the first when this changes to something that was asked for. */
  focusOn?: string;
}

export function PickList<T>({ items, keyOf, onPick, children, focusOn }: PickListProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const count = items.length;
  useEffect(() => {
    if (focusOn && count > 0) list.current?.querySelector('button')?.focus();
  }, [focusOn, count]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const target = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
    if (!target) return;
    event.preventDefault();
    target.focus();
  };
  return (
    <ul ref={list} className={classes.list} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <li key={keyOf(item)}>
          <button type="button" className={classes.pick} onClick={() => onPick(item)}>
            {children(item)}
          </button>
        </li>
      ))}
    </ul>
  );
}
