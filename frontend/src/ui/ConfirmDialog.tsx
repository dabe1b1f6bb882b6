import { type ReactNode, useState } from 'react';
import { common } from '@/lib/i18n/en.ts';
import { Banner } from './Banner.tsx';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

/** Asks before something that cannot be undone. The verb is on the button; a failure stays in the dialog. */
export default function ConfirmDialog({
  title,
  verb,
  children,
  onConfirm,
  onClose,
}: {
  title: string;
  verb: string;
  children: ReactNode;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const confirm = () => {
    setBusy(true);
    onConfirm()
      .then(onClose)
      .catch((error: Error) => {
        setFailure(error.message);
        setBusy(false);
      });
  };
  const footer = (
    <>
      <Button onPress={onClose}>{common('cancel')}</Button>
      <Button variant="danger" busy={busy} onPress={confirm} data-test-id="confirm">
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} alert footer={footer}>
      {children}
      {failure && <Banner tone="error">{failure}</Banner>}
    </Dialog>
  );
}
