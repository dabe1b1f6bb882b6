import { Link, useParams, useSearch } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { globalPart } from '@/lib/routing/globalSearch.schema.ts';
import type { EventDetail } from '../model/event.ts';
import { metaAt } from '../model/redaction.ts';
import { tagFilter } from '../model/tagFilter.ts';
import { ExternalText } from '../parts/ExternalText.tsx';
import { RedactedText } from '../parts/RedactedText.tsx';
import { Section } from '../parts/Section.tsx';
import c from './TagsSection.module.css';

const t = defineMessages({ title: 'Tags', search: 'Find issues with {key} {value}', empty: '(empty)' });

/** What the event can be found by; a press searches for everything else with the same value. */
export function TagsSection({ event }: { event: EventDetail }) {
  const { org = '' } = useParams({ strict: false }) as { org?: string };
  const search = globalPart(useSearch({ strict: false }));
  return (
    <Section id="tags" title={t('title')} note={event.tags.length}>
      <ul className={c.tags}>
        {event.tags.map(({ key, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a tag may be there twice and the list is read only.
          <li key={at} className={c.tag}>
            <span className={c.key}>{key}</span>
            <Link
              to="/organizations/$org/issues/"
              params={{ org }}
              search={{ ...search, query: tagFilter(key, value) }}
              className={c.value}
              title={t('search', { key, value })}
            >
              <RedactedText text={value || t('empty')} meta={metaAt(event._meta, 'tags', at, 'value')} />
            </Link>
            <ExternalText text={value} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
