import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Tags } from 'lucide-react';
import { useState } from 'react';
import { full, percent } from '@/lib/format/number.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { type GlobalSearch, globalPart } from '@/lib/routing/globalSearch.schema.ts';
import { EmptyState } from '@/ui/EmptyState.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import type { TagSummary } from '../model/facts.ts';
import { byTelling, valuesOf } from '../model/tagOrder.ts';
import { FilterInput } from '../parts/FilterInput.tsx';
import { issueTagsQuery } from '../queries.ts';
import c from './TagsTab.module.css';

const t = defineMessages({
  filter: 'Filter tags',
  values: { one: '{n} value', other: '{n} values' },
  noneTitle: 'No tags yet',
  noneText: 'Tags are counted a few seconds after an event arrives.',
  empty: '(empty)',
  same: 'One value only',
});
const SHOWN = 5;

interface Place {
  org: string;
  issueId: string;
  search: GlobalSearch;
}

function TagLink({ tagKey, org, issueId, search }: Place & { tagKey: string }) {
  return (
    <Link
      to="/organizations/$org/issues/$issueId/distributions/$tagKey/"
      params={{ org, issueId, tagKey }}
      search={search}
    >
      {tagKey}
    </Link>
  );
}

function Card({ tag, ...place }: Place & { tag: TagSummary }) {
  return (
    <section className={c.card}>
      <h2>
        <TagLink tagKey={tag.key} {...place} />
        <span className={c.count}>{t('values', { n: valuesOf(tag) })}</span>
      </h2>
      <ul>
        {tag.topValues.slice(0, SHOWN).map(({ value, name, count }) => {
          const share = count / Math.max(1, tag.totalValues);
          return (
            <li key={value || name} className={c.value} title={full(count)}>
              <i style={{ width: `${share * 100}%` }} />
              <span className={c.name}>{value || name || t('empty')}</span>
              <span className="num">{percent(share)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Tags that are the same wherever they are set: a line each. */
function SameList({ tags, ...place }: Place & { tags: TagSummary[] }) {
  return (
    <section aria-labelledby="same-tags">
      <h2 id="same-tags" className={c.sameTitle}>
        {t('same')}
      </h2>
      <ul className={c.same}>
        {tags.map((tag) => (
          <li key={tag.key}>
            <TagLink tagKey={tag.key} {...place} />
            <span>{tag.topValues[0]?.value || tag.topValues[0]?.name || t('empty')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How the events divide: a card for each tag that differs, and the others in short. */
export function TagsTab() {
  const { org = '', issueId = '' } = useParams({ strict: false }) as Record<string, string | undefined>;
  const search = globalPart(useSearch({ strict: false }) as GlobalSearch);
  const [text, setText] = useState('');
  const query = useQuery(issueTagsQuery({ org, issue: issueId }, search.environment));
  const found = (query.data ?? []).filter(({ key }) => key.toLowerCase().includes(text.trim().toLowerCase()));
  const { varied, same } = byTelling(found);
  return (
    <div className={c.tab}>
      <FilterInput label={t('filter')} value={text} onChange={setText} />
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && !query.error && <Skeleton rows={6} height={48} />}
      {query.data?.length === 0 && (
        <EmptyState icon={Tags} title={t('noneTitle')}>
          {t('noneText')}
        </EmptyState>
      )}
      <div className={c.cards}>
        {varied.map((tag) => (
          <Card key={tag.key} tag={tag} org={org} issueId={issueId} search={search} />
        ))}
      </div>
      {same.length > 0 && <SameList tags={same} org={org} issueId={issueId} search={search} />}
    </div>
  );
}
