/** Stands in for Chainlit's Markdown. */
export const Markdown = ({ children, className }: { children: string; className?: string }) => <span className={className}>{children}</span>;
