import { lazy, Suspense, useCallback, useMemo } from 'react';
import type { Issue } from '@/api/types.ts';
import { usePreferences } from '@/lib/preferences.ts';
import { DataGrid } from '@/ui/DataGrid.tsx';
import { GridHeader } from '@/ui/GridHeader.tsx';
import { isEmpty } from '@/ui/selection.ts';
import { useBulkActions } from '../bulk/useBulkActions.ts';
import type { IssuesSearch } from '../routes.ts';
import { issueColumns } from './columns.tsx';
import c from './IssueStream.module.css';
import { t } from './strings.ts';
import type { IssueStreamState } from './useIssueStream.ts';
import { useStreamActions } from './useStreamActions.ts';
import { useTriage } from './useTriage.ts';

const BulkBar = lazy(() => import('../bulk/BulkBar.tsx'));
const BulkDialogs = lazy(() => import('../bulk/BulkDialogs.tsx'));
const ROW = { comfortable: 52, compact: 36 } as const;
const isFatal = (issue: Issue) => issue.level === 'fatal';
const idOf = (issue: Issue) => issue.id;
const nameOf = (issue: Issue) => issue.shortId;

function FreshBar({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <button type="button" className={c.fresh} onClick={onShow} data-test-id="show-new">
      {t('fresh', { n: count })}
      <span aria-hidden="true"> · {t('showFresh')}</span>
      <kbd>R</kbd>
    </button>
  );
}

/** The list itself: rows, cursor, selection, and what one does with them. */
export function IssueStream({ org, search, stream }: { org: string; search: IssuesSearch; stream: IssueStreamState }) {
  const { density } = usePreferences();
  const { rows, total, uncounted, fresh, loadMore } = stream;
  const triage = useTriage(org, rows, search);
  const actions = useBulkActions(org, triage, search, total);
  useStreamActions(triage, actions, rows.length, stream.refresh);
  const { openAssignFor } = actions;
  // biome-ignore lint/correctness/useExhaustiveDependencies: opening is the same act in every render; the columns stay.
  const assign = useCallback((issue: Issue, anchor: HTMLElement) => openAssignFor(issue, anchor), []);
  const count = uncounted ? t('rowsAtLeast', { n: total }) : t('rows', { n: total });
  const columns = useMemo(() => issueColumns(count, assign), [count, assign]);
  const { selection } = triage;
  const some = !isEmpty(selection);
  const whole = selection.all || selection.ids.size === rows.length;
  const header = (
    <GridHeader
      columns={columns}
      checked={some && whole}
      indeterminate={some && !whole}
      onToggle={some ? triage.clear : triage.selectLoaded}
      {...(some && {
        label: t('clear'),
        lead: (
          <Suspense fallback={count}>
            <BulkBar
              selection={selection}
              total={total}
              loaded={rows.length}
              actions={actions}
              onAll={triage.selectAll}
              onClear={triage.clear}
            />
          </Suspense>
        ),
      })}
    />
  );
  return (
    <>
      <div className={c.live} aria-live="polite">
        {fresh > 0 && <FreshBar count={fresh} onShow={stream.refresh} />}
      </div>
      <DataGrid
        label={t('title')}
        rows={rows}
        rowId={idOf}
        rowName={nameOf}
        columns={columns}
        rowHeight={ROW[density]}
        total={total}
        cursor={triage.cursor}
        onCursor={triage.moveTo}
        onOpen={triage.open}
        selection={selection}
        onSelect={triage.select}
        isMarked={isFatal}
        header={header}
        onNearEnd={loadMore}
        stale={stream.isStale}
        footer={
          total > rows.length && (
            <p className={c.foot} role="status">
              {t('loadedOf', { loaded: rows.length, total })}
            </p>
          )
        }
      />
      {(actions.question || actions.assigning) && (
        <Suspense>
          <BulkDialogs actions={actions} />
        </Suspense>
      )}
    </>
  );
}
