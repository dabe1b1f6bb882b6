import { lazy, Suspense, useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import type { Preferences } from '@/lib/preferences.ts';
import { rawTrace } from '../model/rawTrace.ts';
import { frameToOpen, hasInApp, type Order, type Stack, type StackItem, stackItems } from '../model/stack.ts';
import { Frame } from './Frame.tsx';
import c from './StackTrace.module.css';

const PlainText = lazy(() => import('../later.ts').then(({ PlainText }) => ({ default: PlainText })));

const t = defineMessages({
  label: 'Frames',
  hidden: { one: '{n} frame of a library', other: '{n} frames of libraries' },
  omitted: { one: '{n} frame was left out', other: '{n} frames were left out' },
  noneInApp: 'No frame is marked as part of the application, so all of them are shown.',
  raw: 'Stack trace as text',
});

type FrameMode = Preferences['frameMode'];

/** The calls that led to an error, as frames to open or as the text the platform prints. */
export function StackTrace({
  stack,
  platform,
  order,
  mode,
  head,
  startsOpen = true,
}: {
  stack: Stack;
  platform: string | null;
  order: Order;
  mode: FrameMode;
  head?: string;
  /** Opens the frame that tells most. */
  startsOpen?: boolean;
}) {
  if (mode === 'raw') {
    return (
      <Suspense>
        <PlainText text={rawTrace(stack, platform, head)} label={t('raw')} />
      </Suspense>
    );
  }
  return <Frames stack={stack} platform={platform} order={order} onlyApp={mode === 'app'} startsOpen={startsOpen} />;
}

function Frames({
  stack,
  platform,
  order,
  onlyApp,
  startsOpen,
}: {
  stack: Stack;
  platform: string | null;
  order: Order;
  onlyApp: boolean;
  startsOpen: boolean;
}) {
  const [open, setOpen] = useState<ReadonlySet<number>>(() => {
    const first = startsOpen ? frameToOpen(stack) : undefined;
    return new Set(first ? [first.at] : []);
  });
  const [revealed, setRevealed] = useState<ReadonlySet<number>>(new Set());
  const flip = (at: number) => setOpen((before) => toggled(before, at));
  const draw = (item: StackItem) => {
    if (item.kind === 'omitted') return <Gap key="omitted" text={t('omitted', { n: item.count })} />;
    if (item.kind === 'frame') return drawFrame(item.frame, item.repeats);
    const first = item.frames[0]?.at ?? -1;
    if (revealed.has(first)) return item.frames.map((frame) => drawFrame(frame, 1));
    const show = () => setRevealed((before) => toggled(before, first));
    return <Gap key={`hidden-${first}`} text={t('hidden', { n: item.frames.length })} onPress={show} />;
  };
  const drawFrame = (frame: Stack['frames'][number], repeats: number) => (
    <Frame
      key={frame.at}
      frame={frame}
      repeats={repeats}
      platform={platform}
      open={open.has(frame.at)}
      onToggle={() => flip(frame.at)}
    />
  );
  return (
    <>
      {onlyApp && !hasInApp(stack) && <p className={c.hint}>{t('noneInApp')}</p>}
      <ol className={c.frames} aria-label={t('label')}>
        {stackItems(stack, order, onlyApp).map(draw)}
      </ol>
    </>
  );
}

const toggled = (set: ReadonlySet<number>, value: number): ReadonlySet<number> => {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
};

function Gap({ text, onPress }: { text: string; onPress?: () => void }) {
  return (
    <li className={c.gap}>
      {onPress ? (
        <button type="button" onClick={onPress} data-test-id="hidden-frames">
          {text}
        </button>
      ) : (
        <span>{text}</span>
      )}
    </li>
  );
}
