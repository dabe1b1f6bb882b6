import { type ReactNode, useRef } from 'react';
import { Dialog, Popover as RacPopover } from 'react-aria-components';
import { classes } from './classes.ts';
import m from './menu.module.css';
import c from './Popover.module.css';

/** A floating panel beside its anchor. Import it lazily: it brings the overlay code along. */
export default function Popover({
  anchor,
  label,
  onClose,
  children,
}: {
  anchor: HTMLElement | null;
  label: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const trigger = useRef(anchor);
  return (
    <RacPopover
      isOpen
      placement="bottom start"
      triggerRef={trigger}
      onOpenChange={(open) => !open && onClose()}
      className={classes(m.popover, c.panel)}
    >
      <Dialog aria-label={label} className={c.dialog ?? ''}>
        {children}
      </Dialog>
    </RacPopover>
  );
}
