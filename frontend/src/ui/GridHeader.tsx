import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Checkbox } from './Checkbox.tsx';
import { classes } from './classes.ts';
import c from './DataGrid.module.css';
import type { GridColumn } from './GridRow.tsx';

const t = defineMessages({ selectAll: 'Select the loaded rows' });

/** The names of the columns, with the box that chooses every loaded row. */
export function GridHeader<Row>({
  columns,
  checked,
  onToggle,
}: {
  columns: readonly GridColumn<Row>[];
  checked: boolean;
  onToggle: () => void;
}) {
  return (
    <div role="row" aria-rowindex={1} className={classes(c.columns, c.header)}>
      <div role="columnheader" className={c.check}>
        <label>
          <Checkbox
            tabIndex={-1}
            checked={checked}
            onChange={onToggle}
            aria-label={t('selectAll')}
            data-test-id="select-loaded"
          />
        </label>
      </div>
      {columns.map((column) => (
        <div
          key={column.id}
          role="columnheader"
          className={classes(c.cell, column.align === 'end' && c.end, column.wide && c.wide)}
        >
          {column.header}
        </div>
      ))}
    </div>
  );
}

/** Grey rows in place of the first answer. */
export function GridSkeleton({ rows = 10 }: { rows?: number }) {
  return (
    <div className={c.skeleton} role="status" aria-busy="true" aria-label={common('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move.
        <div key={row} className={c.skeletonRow}>
          <i />
          <b />
          <em />
        </div>
      ))}
    </div>
  );
}
