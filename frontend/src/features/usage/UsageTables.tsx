import { useQuery } from '@tanstack/react-query';
import { type Category, categoryNames, isBytes } from '@/api/categories.ts';
import type { UsageGroup } from '@/api/types.ts';
import { bytes } from '@/lib/format/bytes.ts';
import { compact, full } from '@/lib/format/number.ts';
import { useSearchChange } from '@/lib/routing/useSearchChange.ts';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { type CategoryRow, type Outcome, outcomes, quantity } from './figures.ts';
import { reasonsQuery, summaryQuery } from './queries.ts';
import type { UsageSearch } from './routes.ts';
import { outcomeNames, t } from './strings.ts';
import c from './UsagePage.module.css';

type Props = { org: string; search: UsageSearch; category: Category };

function Amount({ category, value }: { category: Category; value: number }) {
  if (value === 0) return <span className={c.zero}>0</span>;
  return (
    <span className="num" title={full(value)}>
      {isBytes(category) ? bytes(value) : compact(value)}
    </span>
  );
}

const outcomeColumn = (outcome: Outcome): TableColumn<CategoryRow> => ({
  id: outcome,
  header: outcomeNames[outcome],
  align: 'end',
  optional: outcome === 'filtered' || outcome === 'invalid',
  cell: ({ category, counts }) => <Amount category={category} value={counts[outcome]} />,
});

/** All that arrived; a row's name chooses what the rest of the page is about. */
export function CategoryTable({ rows, chosen }: { rows: readonly CategoryRow[]; chosen: Category }) {
  const change = useSearchChange();
  const name: TableColumn<CategoryRow> = {
    id: 'category',
    header: t('category'),
    cell: ({ category }) => (
      <button
        type="button"
        className={c.choose}
        aria-pressed={category === chosen}
        onClick={() => change({ category })}
        data-test-id={`category-${category}`}
      >
        {categoryNames[category]}
      </button>
    ),
  };
  return (
    <Table
      label={t('byCategory')}
      columns={[name, ...outcomes.map(outcomeColumn)]}
      rows={rows}
      rowKey={({ category }) => category}
    />
  );
}

const outcomeName = ({ by }: UsageGroup) => outcomeNames[by.outcome as Outcome] ?? String(by.outcome);
const reasonName = ({ by }: UsageGroup) => (by.reason === 'none' ? t('unnamed') : by.reason);

export function ReasonTable({ org, search, category }: Props) {
  const { data } = useQuery(reasonsQuery(org, search, category));
  if (!data) return <Skeleton rows={2} height={32} />;
  const rows = data.groups.filter(({ by }) => by.outcome !== 'accepted').sort((a, b) => quantity(b) - quantity(a));
  if (rows.length === 0) return <p className={c.quiet}>{t('allTaken')}</p>;
  return (
    <Table
      label={t('byReason')}
      columns={[
        { id: 'outcome', header: t('outcome'), cell: outcomeName },
        { id: 'reason', header: t('reason'), cell: reasonName },
        {
          id: 'quantity',
          header: t('quantity'),
          align: 'end',
          cell: (row) => <Amount category={category} value={quantity(row)} />,
        },
      ]}
      rows={rows}
      rowKey={({ by }) => `${by.outcome} ${by.reason}`}
    />
  );
}

export function ProjectTable({ org, search, category }: Props) {
  const { data } = useQuery(summaryQuery(org, search, category));
  if (!data) return <Skeleton rows={2} height={32} />;
  const rows = data.projects.flatMap(({ slug, stats }) => {
    const own = stats.find((each) => each.category === category);
    return own ? [{ slug, counts: own.outcomes }] : [];
  });
  if (rows.length === 0) return <p className={c.quiet}>{t('none')}</p>;
  return (
    <Table
      label={t('byProject')}
      columns={[
        { id: 'project', header: t('project'), cell: ({ slug }) => slug },
        ...outcomes.map((outcome) => ({
          id: outcome,
          header: outcomeNames[outcome],
          align: 'end' as const,
          optional: outcome === 'filtered' || outcome === 'invalid',
          cell: ({ counts }: (typeof rows)[number]) => <Amount category={category} value={counts[outcome] ?? 0} />,
        })),
      ]}
      rows={rows}
      rowKey={({ slug }) => slug}
    />
  );
}
