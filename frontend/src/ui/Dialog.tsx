import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Heading, Modal, ModalOverlay, Dialog as RacDialog } from 'react-aria-components';
import { common } from '@/lib/i18n/en.ts';
import { classes } from './classes.ts';
import c from './Dialog.module.css';
import { IconButton } from './IconButton.tsx';

/** A question over the page. Import it lazily: it brings the overlay code along. Full height on a phone. */
export function Dialog({
  title,
  onClose,
  dismissable = true,
  alert = false,
  wide = false,
  children,
  footer,
}: {
  title: string;
  onClose: () => void;
  /** False where closing would lose something. */
  dismissable?: boolean;
  /** For a decision that cannot be undone. */
  alert?: boolean;
  /** For content in two columns. */
  wide?: boolean;
  children: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <ModalOverlay
      isOpen
      isDismissable={dismissable}
      isKeyboardDismissDisabled={!dismissable}
      onOpenChange={(open) => !open && onClose()}
      className={c.overlay ?? ''}
    >
      <Modal className={classes(c.modal, wide && c.wide)}>
        <RacDialog className={c.dialog ?? ''} role={alert ? 'alertdialog' : 'dialog'}>
          <header className={c.head}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {dismissable && <IconButton label={common('close')} icon={X} size="sm" onPress={onClose} />}
          </header>
          <div className={c.body}>{children}</div>
          {footer && <footer className={c.foot}>{footer}</footer>}
        </RacDialog>
      </Modal>
    </ModalOverlay>
  );
}
