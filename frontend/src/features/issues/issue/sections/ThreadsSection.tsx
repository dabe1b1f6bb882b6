import { useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { asList, asRecord, asText } from '@/lib/json.ts';
import { usePreferences } from '@/lib/preferences.ts';
import { Badge } from '@/ui/Badge.tsx';
import { LazyPicker } from '@/ui/LazyPicker.tsx';
import { type EventDetail, entryOf } from '../model/event.ts';
import { readExceptions } from '../model/exceptions.ts';
import { metaAt } from '../model/redaction.ts';
import { type Order, readStack, type Stack } from '../model/stack.ts';
import { Section } from '../parts/Section.tsx';
import { FrameModes } from './FrameModes.tsx';
import { StackTrace } from './StackTrace.tsx';
import c from './ThreadsSection.module.css';

const t = defineMessages({
  title: 'Threads',
  pick: 'Choose a thread',
  find: 'Find a thread',
  none: 'No thread fits',
  unnamed: 'Thread {id}',
  named: '{name} ({id})',
  crashed: 'crashed',
  current: 'current',
  noStack: 'The SDK sent no stack trace of this thread.',
  above: 'Its frames are those of the error above.',
});

type Thread = {
  id: string;
  name: string | undefined;
  state: string | undefined;
  crashed: boolean;
  current: boolean;
  stack: Stack | undefined;
  /** The thread that crashed: its frames came with the error. */
  hasError: boolean;
};

const readThreads = (event: EventDetail): Thread[] => {
  const entry = entryOf(event, 'threads');
  const crashes = readExceptions(entryOf(event, 'exception'), 'newest');
  return asList(entry?.data.values).map((value, at) => {
    const raw = asRecord(value) ?? {};
    const id = asText(raw.id) ?? String(at);
    return {
      id,
      name: asText(raw.name),
      state: asText(raw.state),
      crashed: raw.crashed === true,
      current: raw.current === true,
      stack: readStack(raw.stacktrace, metaAt(entry?.meta, 'values', at, 'stacktrace')),
      hasError: crashes.some(({ threadId }) => threadId === id),
    };
  });
};

const labelOf = ({ id, name }: Thread): string => (name ? t('named', { name, id }) : t('unnamed', { id }));

/** What the other threads did at that moment. */
export function ThreadsSection({ event, order }: { event: EventDetail; order: Order }) {
  const { frameMode } = usePreferences();
  const threads = readThreads(event);
  const first = threads.find(({ crashed }) => crashed) ?? threads.find(({ current }) => current) ?? threads[0];
  const [chosen, choose] = useState<string>();
  const thread = threads.find(({ id }) => id === chosen) ?? first;
  if (!thread) return null;
  const items = threads.map((each) => ({
    id: each.id,
    label: labelOf(each),
    detail: each.crashed ? t('crashed') : (each.state ?? (each.stack ? String(each.stack.frames.length) : '–')),
  }));
  const picker = (
    <>
      <LazyPicker
        label={t('pick')}
        size="sm"
        items={items}
        selected={[thread.id]}
        placeholder={t('find')}
        empty={t('none')}
        onChange={([id]) => choose(id)}
        data-test-id="thread"
      >
        {labelOf(thread)}
      </LazyPicker>
      {thread.stack && <FrameModes frames={thread.stack.frames.length} />}
    </>
  );
  return (
    <Section id="threads" title={t('title')} note={threads.length} aside={picker}>
      <p className={c.state}>
        <b>{labelOf(thread)}</b>
        {thread.crashed && <Badge tone="fatal">{t('crashed')}</Badge>}
        {thread.current && <Badge tone="info">{t('current')}</Badge>}
        {thread.state && <Badge>{thread.state}</Badge>}
      </p>
      {thread.stack ? (
        <StackTrace key={thread.id} stack={thread.stack} platform={event.platform} order={order} mode={frameMode} />
      ) : (
        <p className={c.none}>{t(thread.hasError ? 'above' : 'noStack')}</p>
      )}
    </Section>
  );
}
