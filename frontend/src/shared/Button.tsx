import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes } from 'react';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  Icon?: LucideIcon;
  look?: 'primary' | 'quiet' | 'danger';
}

/** One button of ours. */
export const Button = ({ Icon, look, children, ...rest }: Props) => (
  <button type="button" className={`study-button ${look ? `study-${look}` : ''}`} {...rest}>
    {Icon ? <Icon aria-hidden="true" /> : null} {children}
  </button>
);

/** A button that looks like a link. */
export const Link = ({ children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement>) => (
  <button type="button" className="study-link study-small" {...rest}>{children}</button>
);

/** What went wrong, said at once. */
export const Problem = ({ children }: { children: string }) => (
  children ? <p className="study-problem" role="alert">{children}</p> : null
);
