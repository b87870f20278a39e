import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import { type ButtonLook, buttonLook } from './button';

interface AnchorButtonProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'color'>, ButtonLook {
  ref?: Ref<HTMLAnchorElement>;
}

/** What leads to another page is a link, even where it looks like a button. */
export const LinkButton = createLink((props: AnchorButtonProps) => {
  const { variant, color, fullWidth, compact, leftSection, children, ...rest } = props;
  return (
    <a {...rest} {...buttonLook({ variant, color, fullWidth, compact })}>
      {leftSection}
      {children}
    </a>
  );
});
