import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { defineMessages } from '@/lib/i18n/t.ts';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { TimeAgo } from '@/ui/TimeAgo.tsx';
import c from './Preview.module.css';
import { type Change, type Owner, previewQuery, type TriedEvent } from './queries.ts';

const t = defineMessages({
  title: 'What the rules would do',
  text: 'Tried on the newest events of the last 14 days, which stay as they are. Rules work on events that come after saving.',
  none: 'There is no event of the last 14 days to try the rules on.',
  count: { one: '{n} value changes', other: '{n} values change' },
  same: 'Nothing changes',
  more: { one: 'and {n} more', other: 'and {n} more' },
  nothing: 'nothing',
  invalid: 'The rules cannot be tried as they are.',
});

function ChangeRow({ change }: { change: Change }) {
  return (
    <li className={c.change}>
      <code className={c.path}>{change.path}</code>
      <del>{change.before ?? t('nothing')}</del>
      <ins>{change.after ?? t('nothing')}</ins>
    </li>
  );
}

function Tried({ event }: { event: TriedEvent }) {
  const more = event.changeCount - event.changes.length;
  return (
    <li className={c.event}>
      <header>
        <h3>{event.title}</h3>
        <TimeAgo iso={event.dateCreated} />
      </header>
      <p className={c.count}>{event.changeCount > 0 ? t('count', { n: event.changeCount }) : t('same')}</p>
      {event.changes.length > 0 && (
        <ul className={c.changes}>
          {event.changes.map((change) => (
            <ChangeRow key={change.path} change={change} />
          ))}
        </ul>
      )}
      {more > 0 && <p className={c.count}>{t('more', { n: more })}</p>}
    </li>
  );
}

/** Recent events as the rules would make them. */
export function Preview({ owner, text }: { owner: Owner; text: string }) {
  const query = useQuery({ ...previewQuery(owner, text), placeholderData: keepPreviousData });
  const refused = query.error && 'fields' in query.error;
  return (
    <section className={c.preview} aria-busy={query.isFetching || undefined} data-test-id="preview">
      <header>
        <h2>{t('title')}</h2>
        <p>{t('text')}</p>
      </header>
      {refused && (
        <p role="alert" className={c.refused}>
          {t('invalid')} {query.error?.message}
        </p>
      )}
      {query.error && !refused && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton rows={3} height={44} />}
      {!query.error && query.data?.length === 0 && <p className={c.count}>{t('none')}</p>}
      {!query.error && query.data && query.data.length > 0 && (
        <ul className={c.events}>
          {query.data.map((event) => (
            <Tried key={event.eventID} event={event} />
          ))}
        </ul>
      )}
    </section>
  );
}
