import { Link, useSearch } from '@tanstack/react-router';
import { Braces, ChevronDown, ChevronLeft, ChevronRight, Copy, Link2, ListTree, NotebookText } from 'lucide-react';
import { useActions } from '@/lib/actions/useActions.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { globalPart } from '@/lib/routing/globalSearch.schema.ts';
import { useUtc } from '@/lib/routing/useUtc.ts';
import { exact } from '@/lib/time/zone.ts';
import { CopyButton } from '@/ui/CopyButton.tsx';
import { IconButton } from '@/ui/IconButton.tsx';
import { LazyMenu } from '@/ui/LazyMenu.tsx';
import { toast } from '@/ui/toast.ts';
import c from './EventBar.module.css';
import type { EventDetail } from './model/event.ts';
import type { EventPart } from './model/parts.ts';
import { setSectionOpen } from './parts/Section.tsx';

const t = defineMessages({
  group: 'Event',
  label: 'Event',
  older: 'Older event',
  newer: 'Newer event',
  go: 'Go to an event',
  latest: 'Latest event',
  first: 'First event',
  only: 'Only event',
  some: 'Event',
  copyId: 'Copy the event id',
  copy: 'Copy',
  copyMenu: 'Copy the event',
  link: 'Link',
  markdown: 'As Markdown',
  id: 'Event id',
  json: 'JSON',
  jsonLabel: 'Open the JSON of this event',
  copied: 'Copied',
  jump: 'Jump to',
  jumpLabel: 'Parts of the event',
});

const nameOf = ({ previousEventID, nextEventID }: EventDetail): string => {
  if (!nextEventID) return previousEventID ? t('latest') : t('only');
  return previousEventID ? t('some') : t('first');
};

/** Opens a part of the event and goes there; its heading takes the focus, so that the keyboard goes on from there. */
export const jumpTo = (id: string): void => {
  setSectionOpen(id, true);
  requestAnimationFrame(() => {
    const section = document.getElementById(id);
    section?.scrollIntoView({ block: 'start' });
    section?.querySelector<HTMLElement>('h2 button')?.focus({ preventScroll: true });
  });
};

function Times({ event }: { event: EventDetail }) {
  const inUtc = useUtc();
  const shown = exact(event.dateCreated, inUtc);
  const other = exact(event.dateCreated, !inUtc);
  return (
    <time dateTime={event.dateCreated} className={c.time} title={other}>
      {shown}
      {shown !== other && <span className={c.utc}> · {other}</span>}
    </time>
  );
}

/** Which event is shown, and the ways to others. Stays at the top while one reads. */
export function EventBar({
  event,
  place,
  project,
  parts,
  onOpen,
}: {
  event: EventDetail;
  place: { org: string; issue: string };
  project: string;
  parts: readonly EventPart[];
  onOpen: (eventId: string) => void;
}) {
  const search = globalPart(useSearch({ strict: false }));
  const address = `/organizations/${place.org}/issues/${event.groupID ?? place.issue}/events/${event.eventID}/`;
  const link = new URL(address, location.href).href;
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(() => toast({ tone: 'success', text: t('copied') }));
  const copies: Record<string, () => void> = {
    link: () => copy(link),
    markdown: () => void import('./model/markdown.ts').then(({ eventMarkdown }) => copy(eventMarkdown(event, link))),
    id: () => copy(event.eventID),
  };
  const { previousEventID: older, nextEventID: newer } = event;
  const group = t('group');
  useActions([
    {
      id: 'event-older',
      label: t('older'),
      group,
      icon: ChevronLeft,
      keys: '[',
      enabled: () => Boolean(older),
      run: () => older && onOpen(older),
    },
    {
      id: 'event-newer',
      label: t('newer'),
      group,
      icon: ChevronRight,
      keys: ']',
      enabled: () => Boolean(newer),
      run: () => newer && onOpen(newer),
    },
    { id: 'event-latest', label: t('latest'), group, run: () => onOpen('latest') },
    { id: 'event-first', label: t('first'), group, run: () => onOpen('oldest') },
    {
      id: 'event-copy-markdown',
      label: `${t('copyMenu')}: ${t('markdown')}`,
      group,
      icon: NotebookText,
      keys: 'c',
      run: () => copies.markdown?.(),
    },
    { id: 'event-copy-link', label: `${t('copyMenu')}: ${t('link')}`, group, icon: Link2, run: () => copies.link?.() },
  ]);
  return (
    <div className={c.bar} data-test-id="event-bar">
      <div className={c.row}>
        <div className={c.pager}>
          <IconButton
            size="sm"
            variant="default"
            label={t('older')}
            icon={ChevronLeft}
            keys="["
            isDisabled={!older}
            onPress={() => older && onOpen(older)}
            data-test-id="event-older"
          />
          <IconButton
            size="sm"
            variant="default"
            label={t('newer')}
            icon={ChevronRight}
            keys="]"
            isDisabled={!newer}
            onPress={() => newer && onOpen(newer)}
            data-test-id="event-newer"
          />
        </div>
        <LazyMenu
          label={t('go')}
          variant="ghost"
          size="sm"
          className={c.name}
          items={[
            { id: 'latest', label: t('latest'), disabled: !newer },
            { id: 'oldest', label: t('first'), disabled: !older },
          ]}
          onPick={onOpen}
        >
          {nameOf(event)}
          <ChevronDown size={12} aria-hidden="true" />
        </LazyMenu>
        <Times event={event} />
        <span className={c.id}>
          <Link
            to="/organizations/$org/issues/$issueId/events/$eventId/"
            params={{ org: place.org, issueId: place.issue, eventId: event.eventID }}
            search={search}
            title={event.eventID}
          >
            <code>{event.eventID.slice(0, 8)}</code>
          </Link>
          <CopyButton text={event.eventID} label={t('copyId')} />
        </span>
        <div className={c.tools}>
          <LazyMenu
            label={t('jumpLabel')}
            variant="ghost"
            size="sm"
            className={c.jumpMenu}
            items={parts.map(({ id, title }) => ({ id, label: title }))}
            onPick={jumpTo}
          >
            <ListTree size={13} aria-hidden="true" />
            {t('jump')}
          </LazyMenu>
          <LazyMenu
            label={t('copyMenu')}
            variant="ghost"
            size="sm"
            items={[
              { id: 'link', label: t('link'), icon: Link2 },
              { id: 'markdown', label: t('markdown'), icon: NotebookText, keys: 'c' },
              { id: 'id', label: t('id'), icon: Copy },
            ]}
            onPick={(id) => copies[id]?.()}
            data-test-id="event-copy"
          >
            <Copy size={13} aria-hidden="true" />
            {t('copy')}
          </LazyMenu>
          <a
            className={c.json}
            href={`/api/0/projects/${place.org}/${project}/events/${event.eventID}/json/`}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={t('jsonLabel')}
          >
            <Braces size={13} aria-hidden="true" />
            {t('json')}
          </a>
        </div>
      </div>
      <nav className={c.parts} aria-label={t('jumpLabel')}>
        {parts.map(({ id, title }) => (
          <button key={id} type="button" onClick={() => jumpTo(id)}>
            {title}
          </button>
        ))}
      </nav>
    </div>
  );
}
