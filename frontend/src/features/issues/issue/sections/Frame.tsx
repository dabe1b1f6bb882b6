import { ChevronRight } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Badge } from '@/ui/Badge.tsx';
import { CodeContext } from '@/ui/code/CodeContext.tsx';
import { type Frame as FrameData, frameFacts, languageOf, locationOf, packageName } from '../model/stack.ts';
import c from './Frame.module.css';

const FrameValues = lazy(() => import('../later.ts').then(({ FrameValues }) => ({ default: FrameValues })));

const t = defineMessages({
  anonymous: 'anonymous function',
  unknown: 'unknown function',
  repeats: { one: 'called itself {n} time', other: 'called itself {n} times' },
  noSource: 'The SDK sent no source lines for this frame.',
  inApp: 'in app',
});

const nameOf = (frame: FrameData): string =>
  frame.function ?? frame.symbol ?? t(frame.address ? 'unknown' : 'anonymous');

const isOpenable = (frame: FrameData): boolean =>
  frame.context.length > 0 || frame.vars !== undefined || frameFacts(frame).length > 0;

function Heading({ frame, repeats }: { frame: FrameData; repeats: number }) {
  return (
    <>
      {frame.package && <span className={c.package}>{packageName(frame.package)}</span>}
      <span className={c.function}>{nameOf(frame)}</span>
      {repeats > 1 && <Badge>{t('repeats', { n: repeats })}</Badge>}
      {frame.inApp && <span className="sr-only">{t('inApp')}</span>}
      <span className={c.place}>
        {locationOf(frame)}
        {frame.line !== undefined && (
          <span className={c.line}>
            :{frame.line}
            {frame.column !== undefined && `:${frame.column}`}
          </span>
        )}
      </span>
    </>
  );
}

function Content({ frame, platform }: { frame: FrameData; platform: string | null }) {
  return (
    <>
      {frame.context.length > 0 ? (
        <CodeContext lines={frame.context} language={languageOf(frame, platform)} active={frame.line ?? -1} />
      ) : (
        <p className={c.note}>{t('noSource')}</p>
      )}
      <Suspense>
        <FrameValues frame={frame} />
      </Suspense>
    </>
  );
}

/** One call: its name and place, and below it the source around it and the values it had. */
export function Frame({
  frame,
  repeats,
  platform,
  open,
  onToggle,
}: {
  frame: FrameData;
  repeats: number;
  platform: string | null;
  open: boolean;
  onToggle: () => void;
}) {
  const heading = <Heading frame={frame} repeats={repeats} />;
  return (
    <li className={c.frame} data-app={frame.inApp || undefined}>
      {isOpenable(frame) ? (
        <button type="button" className={c.head} aria-expanded={open} onClick={onToggle} data-test-id="frame">
          <ChevronRight size={13} aria-hidden="true" className={c.chevron} />
          {heading}
        </button>
      ) : (
        <div className={c.head}>
          <span className={c.gap} />
          {heading}
        </div>
      )}
      {open && <Content frame={frame} platform={platform} />}
    </li>
  );
}
