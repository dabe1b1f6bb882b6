import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect } from 'react';
import {
  Button as RacButton,
  UNSTABLE_ToastRegion as Region,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
} from 'react-aria-components';
import { common } from '@/lib/i18n/en.ts';
import { useStore } from '@/lib/store.ts';
import { Button } from './Button.tsx';
import { Kbd } from './Kbd.tsx';
import c from './ToastRegion.module.css';
import { pendingToasts, type ToastMessage, UNDO_SECONDS, undoThis, usedUndo } from './toast.ts';

const SHORT = 5000;
const icons = { info: Info, success: CircleCheck, error: TriangleAlert };
const queue = new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 });

const lifetime = ({ tone, undo }: ToastMessage): number | undefined =>
  tone === 'error' ? undefined : undo ? UNDO_SECONDS * 1000 : SHORT;

const enqueue = (message: ToastMessage): void => {
  const timeout = lifetime(message);
  queue.add(message, timeout === undefined ? {} : { timeout });
};

/** The messages at the foot of the page: they wait while pointed at or focused, F6 reaches them. */
export default function ToastRegion() {
  const pending = useStore(pendingToasts);
  useEffect(() => {
    for (const message of pending) enqueue(message);
    if (pending.length > 0) pendingToasts.set([]);
  }, [pending]);
  const used = useStore(usedUndo);
  useEffect(() => {
    const shown = queue.visibleToasts.find(({ content }) => used !== undefined && content.undo === used);
    if (shown) queue.close(shown.key);
  }, [used]);
  return (
    <Region queue={queue} className={c.region ?? ''} aria-label={common('notifications')}>
      {({ toast }) => {
        const { tone, text, undo } = toast.content;
        const Icon = icons[tone];
        return (
          <Toast toast={toast} className={c.toast ?? ''} data-tone={tone} data-test-id="toast">
            <Icon size={15} aria-hidden="true" />
            <ToastContent className={c.content ?? ''}>
              <Text slot="title">{text}</Text>
            </ToastContent>
            {undo && (
              <Button size="sm" onPress={() => undoThis(undo)} data-test-id="undo">
                {common('undo')}
                <Kbd keys="z" />
              </Button>
            )}
            <RacButton slot="close" aria-label={common('close')} className={c.close ?? ''}>
              <X size={14} aria-hidden="true" />
            </RacButton>
          </Toast>
        );
      }}
    </Region>
  );
}
