// The buttons. One filled button a form or page at most; what destroys is red in words and colour.
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import classes from './button.module.css';

export interface ButtonLook {
  variant?: 'filled' | 'default' | 'subtle';
  color?: 'brand' | 'danger';
  fullWidth?: boolean;
  leftSection?: ReactNode;
  /** Lower: for the rows of a staff list. */
  compact?: boolean;
}
export const buttonLook = ({ variant = 'filled', color = 'brand', fullWidth, compact }: ButtonLook) => ({
  className: classes.button,
  'data-variant': variant,
  'data-color': color,
  'data-full': fullWidth || undefined,
  'data-compact': compact || undefined,
});

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'color'>, ButtonLook {
  /** Keeps its width and its place in the Tab order; a second press does nothing. */
  loading?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button(props: ButtonProps) {
  const { variant, color, fullWidth, leftSection, compact, loading, onClick, className, children, ...rest } = props;
  const look = buttonLook({ variant, color, fullWidth, compact });
  return (
    <button
      type="button"
      {...rest}
      {...look}
      className={className ? `${look.className} ${className}` : look.className}
      aria-busy={loading || undefined}
      aria-disabled={loading || undefined}
      onClick={loading ? (event) => event.preventDefault() : onClick}
    >
      {loading ? <Loader size={18} /> : leftSection}
      {children}
    </button>
  );
}

/** Something is going on; the words beside it say what. */
export function Loader({ size = 28 }: { size?: number }) {
  return (
    <svg className={classes.loader} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <circle cx="12" cy="12" r="9" />
    </svg>
  );
}
