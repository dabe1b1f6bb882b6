import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import c from './Disclosure.module.css';

/** A section that folds. Its content is not rendered while it is folded. */
export function Disclosure({
  title,
  children,
  defaultOpen = false,
  aside,
}: {
  title: ReactNode;
  children: ReactNode;
  defaultOpen?: boolean;
  /** Shown at the right of the heading, outside of the button. */
  aside?: ReactNode;
}) {
  const [open, setOpen] = useState(defaultOpen);
  const id = useId();
  return (
    <div className={c.disclosure}>
      <div className={c.head}>
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <ChevronRight size={13} aria-hidden="true" className={c.chevron} />
          {title}
        </button>
        {aside}
      </div>
      <div id={id} hidden={!open}>
        {open && children}
      </div>
    </div>
  );
}
