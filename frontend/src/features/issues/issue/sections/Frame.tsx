import { ChevronRight } from 'lucide-react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Badge } from '@/ui/Badge.tsx';
import { CodeContext } from '@/ui/code/CodeContext.tsx';
import { metaAt } from '../model/redaction.ts';
import { type Frame as FrameData, languageOf, locationOf, packageName } from '../model/stack.ts';
import { ExternalText } from '../parts/ExternalText.tsx';
import { ValueTree } from '../parts/ValueTree.tsx';
import c from './Frame.module.css';

const t = defineMessages({
  anonymous: 'anonymous function',
  unknown: 'unknown function',
  repeats: { one: 'called itself {n} time', other: 'called itself {n} times' },
  noSource: 'The SDK sent no source lines for this frame.',
  inApp: 'in app',
  variables: 'Local variables',
  module: 'Module',
  package: 'Package',
  path: 'Path',
  address: 'Address',
  symbol: 'Symbol',
});

const nameOf = (frame: FrameData): string =>
  frame.function ?? frame.symbol ?? t(frame.address ? 'unknown' : 'anonymous');

/** What only the opened frame tells: leave out what the heading says already. */
const factsOf = (frame: FrameData): [label: string, value: string][] => {
  const facts: [string, string | undefined][] = [
    [t('module'), frame.module],
    [t('package'), frame.package],
    [t('path'), frame.absPath === frame.filename ? undefined : frame.absPath],
    [t('address'), frame.address],
    [t('symbol'), frame.symbol === frame.function ? undefined : frame.symbol],
  ];
  return facts.flatMap(([label, value]) => (value ? [[label, value]] : []));
};

const isOpenable = (frame: FrameData): boolean =>
  frame.context.length > 0 || frame.vars !== undefined || factsOf(frame).length > 0;

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
  const facts = factsOf(frame);
  return (
    <>
      {frame.context.length > 0 ? (
        <CodeContext lines={frame.context} language={languageOf(frame, platform)} active={frame.line ?? -1} />
      ) : (
        <p className={c.note}>{t('noSource')}</p>
      )}
      {frame.vars && Object.keys(frame.vars).length > 0 && (
        <dl className={c.rows} aria-label={t('variables')}>
          {Object.entries(frame.vars).map(([name, value]) => (
            <div key={name}>
              <dt className={c.variable}>{name}</dt>
              <dd>
                <ValueTree value={value} meta={metaAt(frame.meta, 'vars', name)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {facts.length > 0 && (
        <dl className={c.rows}>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {value}
                <ExternalText text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
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
