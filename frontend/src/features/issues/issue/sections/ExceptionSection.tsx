import { lazy, Suspense, useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { usePreferences } from '@/lib/preferences.ts';
import { Badge } from '@/ui/Badge.tsx';
import { Segmented } from '@/ui/Segmented.tsx';
import { type EventDetail, entryOf } from '../model/event.ts';
import { type Exception, headline, readExceptions } from '../model/exceptions.ts';
import { minifiedFiles } from '../model/minified.ts';
import { metaAt } from '../model/redaction.ts';
import type { Order } from '../model/stack.ts';
import { ExternalText } from '../parts/ExternalText.tsx';
import { RedactedText } from '../parts/RedactedText.tsx';
import { Section } from '../parts/Section.tsx';
import c from './ExceptionSection.module.css';
import { FrameModes } from './FrameModes.tsx';
import { StackTrace } from './StackTrace.tsx';

const MinifiedNote = lazy(() => import('../later.ts').then(({ MinifiedNote }) => ({ default: MinifiedNote })));

const t = defineMessages({
  title: 'Stack trace',
  chain: { one: '{n} error', other: '{n} errors, each caused by the next' },
  chainOldest: { one: '{n} error', other: '{n} errors, each leading to the next' },
  cause: 'Caused by',
  group: { one: '{n} error', other: '{n} errors, some of them together' },
  member: 'Part of {parent}',
  effect: 'Led to',
  caught: 'caught by {mechanism}',
  handled: 'handled',
  unhandled: 'unhandled',
  unnamed: 'Error without a type',
  noStack: 'The SDK sent no stack trace with this error.',
  code: 'Code',
  source: 'Source',
  minified: 'As shipped',
  more: { one: 'and {n} more file', other: 'and {n} more files' },
});

type Code = 'source' | 'minified';
/** Longer chains open their first error only: they would fill the page with source. */
const OPEN_CHAIN = 3;

const relationText = ({ relation, parent }: Exception): string | undefined => {
  if (relation === 'cause') return t('cause');
  if (relation === 'effect') return t('effect');
  return relation === 'member' ? t('member', { parent: parent ?? '' }) : undefined;
};

function Head({ exception }: { exception: Exception }) {
  const { type, value, module, mechanism, meta } = exception;
  const relation = relationText(exception);
  return (
    <header className={c.head}>
      {relation && <p className={c.relation}>{relation}</p>}
      <h3 className={c.type} title={module && type ? `${module}.${type}` : undefined}>
        {type ?? module ?? t('unnamed')}
        {mechanism?.handled === false && <Badge tone="error">{t('unhandled')}</Badge>}
        {mechanism?.handled === true && <Badge>{t('handled')}</Badge>}
        {mechanism?.type && mechanism.type !== 'generic' && <Badge>{mechanism.type}</Badge>}
        {mechanism?.helpLink && <ExternalText text={mechanism.helpLink} />}
      </h3>
      {(value || metaAt(meta, 'value') !== undefined) && (
        <p className={c.value}>
          <RedactedText text={value} meta={metaAt(meta, 'value')} />
        </p>
      )}
      {mechanism?.description && <p className={c.mechanism}>{mechanism.description}</p>}
    </header>
  );
}

function One({
  exception,
  platform,
  order,
  code,
  headed,
  startsOpen,
}: {
  exception: Exception;
  platform: string | null;
  order: Order;
  code: Code;
  headed: boolean;
  startsOpen: boolean;
}) {
  const { frameMode } = usePreferences();
  const stack = code === 'minified' ? (exception.rawStack ?? exception.stack) : exception.stack;
  return (
    <article className={c.exception} aria-label={headline(exception)}>
      {headed && <Head exception={exception} />}
      {stack ? (
        <StackTrace
          key={code}
          stack={stack}
          platform={platform}
          order={order}
          mode={frameMode}
          head={headline(exception)}
          startsOpen={startsOpen}
        />
      ) : (
        <p className={c.none}>{t('noStack')}</p>
      )}
    </article>
  );
}

/** The heading of the page has said it all: a name and a message, nothing cut and nothing to add. */
const isTold = ({ metadata }: EventDetail, { type, value, mechanism }: Exception): boolean =>
  metadata.type === type && (metadata.value ?? '') === (value ?? '') && !mechanism?.helpLink && !mechanism?.description;

/** How a single error was caught, where no heading of its own says so. */
const mechanismNote = (event: EventDetail, exception: Exception | undefined): string | undefined => {
  const type = exception?.mechanism?.type;
  return exception && isTold(event, exception) && type && type !== 'generic'
    ? t('caught', { mechanism: type })
    : undefined;
};

/** How several errors belong together: one after the other, or some side by side. */
const chainKind = (exceptions: readonly Exception[], order: Order): 'group' | 'chain' | 'chainOldest' => {
  if (exceptions.some(({ relation }) => relation === 'member')) return 'group';
  return order === 'newest' ? 'chain' : 'chainOldest';
};

/** The error, its causes, and the calls that led to each. */
export function ExceptionSection({ event, order }: { event: EventDetail; order: Order }) {
  const [code, setCode] = useState<Code>('source');
  const exceptions = readExceptions(entryOf(event, 'exception'), order);
  const frames = exceptions.reduce((sum, { stack }) => sum + (stack?.frames.length ?? 0), 0);
  const minified = minifiedFiles(event, exceptions);
  const mapped = exceptions.some(({ rawStack }) => rawStack);
  const single = exceptions.length === 1;
  const controls = (
    <>
      {mapped && (
        <Segmented
          label={t('code')}
          value={code}
          options={[
            { id: 'source', label: t('source') },
            { id: 'minified', label: t('minified') },
          ]}
          onChange={setCode}
        />
      )}
      <FrameModes frames={frames} />
    </>
  );
  return (
    <Section
      id="exception"
      title={t('title')}
      note={single ? mechanismNote(event, exceptions[0]) : t(chainKind(exceptions, order), { n: exceptions.length })}
      aside={frames > 0 ? controls : undefined}
    >
      {minified.length > 0 && (
        <Suspense>
          <MinifiedNote files={minified} />
        </Suspense>
      )}
      {exceptions.map((exception, at) => (
        <One
          key={exception.at}
          exception={exception}
          platform={event.platform}
          order={order}
          code={code}
          headed={!single || !isTold(event, exception)}
          startsOpen={at === 0 || exceptions.length <= OPEN_CHAIN}
        />
      ))}
    </Section>
  );
}
