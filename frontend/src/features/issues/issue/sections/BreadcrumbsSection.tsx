import {
  Bug,
  CircleAlert,
  Database,
  Globe,
  Info,
  type LucideIcon,
  MousePointerClick,
  Navigation,
  SquareTerminal,
  Waypoints,
} from 'lucide-react';
import { useState } from 'react';
import { duration } from '@/lib/format/duration.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useUtc } from '@/lib/routing/useUtc.ts';
import { clock, inBothZones } from '@/lib/time/zone.ts';
import { Button } from '@/ui/Button.tsx';
import { Segmented } from '@/ui/Segmented.tsx';
import {
  type Breadcrumb,
  type BreadcrumbKind,
  beforeEvent,
  isFailure,
  matches,
  readBreadcrumbs,
  summaryOf,
} from '../model/breadcrumbs.ts';
import { type EventDetail, entryOf } from '../model/event.ts';
import { metaAt } from '../model/redaction.ts';
import { FilterInput } from '../parts/FilterInput.tsx';
import { RedactedText } from '../parts/RedactedText.tsx';
import { Section } from '../parts/Section.tsx';
import { ValueTree } from '../parts/ValueTree.tsx';
import c from './BreadcrumbsSection.module.css';

const t = defineMessages({
  title: 'Breadcrumbs',
  filter: 'Filter breadcrumbs',
  all: { one: 'Show {n} older', other: 'Show {n} older' },
  fewer: 'Show fewer',
  nothing: 'No breadcrumb holds “{text}”.',
  clock: 'Clock',
  relative: 'Relative',
  time: 'Time of breadcrumbs',
  columnTime: 'Time',
  columnWhat: 'Category',
  columnMessage: 'What happened',
  here: 'at once',
});

const FOLDED = 12;
type TimeForm = 'relative' | 'clock';

const icons: Record<BreadcrumbKind, LucideIcon> = {
  navigation: Navigation,
  http: Globe,
  user: MousePointerClick,
  query: Database,
  error: CircleAlert,
  debug: Bug,
  info: Info,
  console: SquareTerminal,
  system: Waypoints,
};

const relative = (timestamp: string, eventTime: string): string => {
  const distance = beforeEvent(timestamp, eventTime);
  if (distance === undefined) return timestamp;
  if (Math.abs(distance) < 1) return t('here');
  return `${distance < 0 ? '−' : '+'}${duration(Math.abs(distance))}`;
};

function When({ timestamp, eventTime, form }: { timestamp: string | undefined; eventTime: string; form: TimeForm }) {
  const utc = useUtc();
  if (timestamp === undefined) return null;
  return (
    <time dateTime={timestamp} title={inBothZones(timestamp)}>
      {form === 'clock' ? clock(timestamp, utc) : relative(timestamp, eventTime)}
    </time>
  );
}

function Row({ crumb, eventTime, form }: { crumb: Breadcrumb; eventTime: string; form: TimeForm }) {
  const Icon = icons[crumb.kind];
  const { text, rest } = summaryOf(crumb);
  return (
    <tr data-failed={isFailure(crumb) || undefined} data-level={crumb.level}>
      <td className={c.time}>
        <When timestamp={crumb.timestamp} eventTime={eventTime} form={form} />
      </td>
      <td className={c.category}>
        <span>
          <Icon size={13} aria-hidden="true" />
          {crumb.category}
          {crumb.level !== 'info' && <span className={c.level}>{crumb.level}</span>}
        </span>
      </td>
      <td className={c.what}>
        <RedactedText text={text} meta={metaAt(crumb.meta, 'message')} />
        {rest && <ValueTree value={rest} meta={metaAt(crumb.meta, 'data')} />}
      </td>
    </tr>
  );
}

/** What happened before the event, the newest first. */
export function BreadcrumbsSection({ event }: { event: EventDetail }) {
  const [text, setText] = useState('');
  const [all, showAll] = useState(false);
  const [form, setForm] = useState<TimeForm>('relative');
  const crumbs = readBreadcrumbs(entryOf(event, 'breadcrumbs'));
  const found = crumbs.filter((crumb) => matches(crumb, text));
  const shown = all || text ? found : found.slice(0, FOLDED);
  const controls = (
    <>
      <FilterInput label={t('filter')} value={text} onChange={setText} />
      <Segmented
        label={t('time')}
        value={form}
        options={[
          { id: 'relative', label: t('relative') },
          { id: 'clock', label: t('clock') },
        ]}
        onChange={setForm}
      />
    </>
  );
  return (
    <Section id="breadcrumbs" title={t('title')} note={crumbs.length} aside={controls}>
      <table className={c.table}>
        <thead className="sr-only">
          <tr>
            <th scope="col">{t('columnTime')}</th>
            <th scope="col">{t('columnWhat')}</th>
            <th scope="col">{t('columnMessage')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((crumb) => (
            <Row key={crumb.at} crumb={crumb} eventTime={event.dateCreated} form={form} />
          ))}
        </tbody>
      </table>
      {found.length === 0 && <p className={c.nothing}>{t('nothing', { text })}</p>}
      {!text && crumbs.length > FOLDED && (
        <div className={c.foot}>
          <Button variant="ghost" size="sm" onPress={() => showAll(!all)} data-test-id="breadcrumbs-all">
            {all ? t('fewer') : t('all', { n: crumbs.length - FOLDED })}
          </Button>
        </div>
      )}
    </Section>
  );
}
