import { useQuery } from '@tanstack/react-query';
import { dataKindName } from '@/api/dataKinds.ts';
import type { DiskKind } from '@/api/types.ts';
import { bytes } from '@/lib/format/bytes.ts';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { Table, type TableColumn } from '@/ui/Table.tsx';
import { diskSentences } from './diskSentences.ts';
import { diskQuery } from './queries.ts';
import { t } from './strings.ts';
import c from './UsagePage.module.css';

const size = (value: number | null) =>
  value === null ? <span className={c.zero}>–</span> : <span className="num">{bytes(value)}</span>;

const columns: TableColumn<DiskKind>[] = [
  { id: 'kind', header: t('kind'), cell: ({ kind }) => dataKindName(kind) },
  {
    id: 'kept',
    header: t('kept'),
    align: 'end',
    optional: true,
    cell: ({ days }) => (days === null ? <span className={c.zero}>–</span> : t('days', { n: days })),
  },
  { id: 'daily', header: t('daily'), align: 'end', cell: ({ bytesPerDay }) => size(bytesPerDay) },
  { id: 'size', header: t('size'), align: 'end', cell: ({ bytes: taken }) => size(taken) },
];

/** What the data takes of the disk, how far its ceiling is, and what that took last. */
export function DiskPart({ org }: { org: string }) {
  const { data, error, refetch } = useQuery(diskQuery(org));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={2} height={32} />;
  return (
    <>
      {diskSentences(data).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {data.kinds.length > 0 && (
        <Table label={t('disk')} columns={columns} rows={data.kinds} rowKey={({ kind }) => kind} />
      )}
    </>
  );
}
