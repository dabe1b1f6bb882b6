import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { bytes } from '@/lib/format/bytes.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { asRecord, asText, inline, isEmpty } from '@/lib/json.ts';
import { usePreferences } from '@/lib/preferences.ts';
import { useUtc } from '@/lib/routing/useUtc.ts';
import { exact } from '@/lib/time/zone.ts';
import { CopyButton } from '@/ui/CopyButton.tsx';
import { type EventDetail, entryOf } from '../model/event.ts';
import { reportTypeOf } from '../model/parts.ts';
import { metaAt } from '../model/redaction.ts';
import type { Order } from '../model/stack.ts';
import { readStack } from '../model/stack.ts';
import { FilterInput } from '../parts/FilterInput.tsx';
import { type Pair, Pairs } from '../parts/Pairs.tsx';
import { Section } from '../parts/Section.tsx';
import { hashesQuery } from '../queries.ts';
import { FrameModes } from './FrameModes.tsx';
import c from './SmallSections.module.css';
import { StackTrace } from './StackTrace.tsx';

const t = defineMessages({
  extra: 'Additional data',
  packages: 'Packages',
  findPackage: 'Filter packages',
  sdk: 'SDK and receipt',
  sdkName: 'SDK',
  received: 'Received',
  size: 'Size',
  eventId: 'Event id',
  platform: 'Platform',
  release: 'Release',
  dist: 'Distribution',
  grouping: 'Grouping',
  groupingText: 'Events with the same fingerprint belong to one issue. This event has:',
  issueHashes: { one: 'The issue collects {n} hash.', other: 'The issue collects {n} hashes.' },
  config: 'Rules: {id}',
  copyHash: 'Copy the hash',
  stack: 'Stack trace',
  report: 'Report',
});

/** A stack trace that came without an exception. */
export function StackSection({ event, order }: { event: EventDetail; order: Order }) {
  const { frameMode } = usePreferences();
  const entry = entryOf(event, 'stacktrace');
  const stack = readStack(entry?.data, entry?.meta);
  if (!stack) return null;
  return (
    <Section id="stacktrace" title={t('stack')} aside={<FrameModes frames={stack.frames.length} />}>
      <StackTrace stack={stack} platform={event.platform} order={order} mode={frameMode} />
    </Section>
  );
}

/** What a browser reported by itself: policy violations and the like. */
export function ReportSection({ event }: { event: EventDetail }) {
  const type = reportTypeOf(event);
  const entry = type === undefined ? undefined : entryOf(event, type);
  if (!entry) return null;
  const rows = Object.entries(entry.data)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => ({ name, value, meta: metaAt(entry.meta, name) }));
  return (
    <Section id="report" title={t('report')} note={type}>
      <Pairs rows={rows} />
    </Section>
  );
}

/** What the application attached without giving it a place. */
export function ExtraSection({ event }: { event: EventDetail }) {
  const extra = asRecord(event.context);
  if (isEmpty(extra)) return null;
  const rows = Object.entries(extra ?? {}).map(([name, value]) => ({
    name,
    value,
    meta: metaAt(event._meta, 'context', name),
  }));
  return (
    <Section id="extra" title={t('extra')} note={rows.length}>
      <Pairs rows={rows} />
    </Section>
  );
}

/** The libraries the program was built with, folded: there may be hundreds. */
export function PackagesSection({ event }: { event: EventDetail }) {
  const [text, setText] = useState('');
  const packages = Object.entries(event.packages ?? {});
  if (packages.length === 0) return null;
  const found = packages.filter(([name]) => name.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <Section
      id="packages"
      title={t('packages')}
      note={packages.length}
      startsOpen={false}
      aside={<FilterInput label={t('findPackage')} value={text} onChange={setText} />}
    >
      <ul className={c.packages}>
        {found.map(([name, version]) => (
          <li key={name}>
            {name} <span>{inline(version)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Who sent the event, and what became of it on the way in. */
export function SdkSection({ event }: { event: EventDetail }) {
  const utc = useUtc();
  const sdk = [asText(event.sdk?.name), asText(event.sdk?.version)].filter(Boolean).join(' ');
  const rows: Pair[] = [
    { name: t('sdkName'), value: sdk },
    { name: t('platform'), value: event.platform },
    { name: t('release'), value: event.release?.version },
    { name: t('dist'), value: event.dist },
    { name: t('received'), value: event.dateReceived ? exact(event.dateReceived, utc) : undefined },
    { name: t('size'), value: event.size ? bytes(event.size) : undefined },
    { name: t('eventId'), value: event.eventID },
  ].filter(({ value }) => !isEmpty(value));
  return (
    <Section id="sdk" title={t('sdk')} startsOpen={false}>
      <Pairs rows={rows} />
    </Section>
  );
}

/** Why the event belongs to this issue. */
export function GroupingSection({ event, org, issue }: { event: EventDetail; org: string; issue: string }) {
  const hashes = useQuery(hashesQuery({ org, issue }));
  const own = [...new Set(event.fingerprints ?? [])];
  return (
    <Section id="grouping" title={t('grouping')} startsOpen={false}>
      <div className={c.grouping}>
        <p>{t('groupingText')}</p>
        <ul>
          {own.map((hash) => (
            <li key={hash}>
              <code>{hash}</code>
              <CopyButton text={hash} label={t('copyHash')} />
            </li>
          ))}
        </ul>
        {hashes.data && hashes.data.length > 0 && <p>{t('issueHashes', { n: hashes.data.length })}</p>}
        {event.groupingConfig?.id && <p>{t('config', { id: event.groupingConfig.id })}</p>}
      </div>
    </Section>
  );
}
