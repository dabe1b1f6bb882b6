import type { ReactNode } from 'react';
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
  indeterminate = false,
  label = t('selectAll'),
  onToggle,
  lead,
}: {
  columns: readonly GridColumn<Row>[];
  checked: boolean;
  indeterminate?: boolean;
  label?: string;
  onToggle: () => void;
  /** Stands in place of the first column's name; the other names stay over their columns. */
  lead?: ReactNode;
}) {
  return (
    <div role="row" aria-rowindex={1} className={classes(c.columns, c.header)} data-lead={lead ? '' : undefined}>
      <div role="columnheader" className={c.check}>
        <label>
          <Checkbox
            tabIndex={-1}
            checked={checked}
            indeterminate={indeterminate}
            onChange={onToggle}
            aria-label={label}
            data-test-id="select-loaded"
          />
        </label>
      </div>
      {columns.map((column, at) => (
        <div
          key={column.id}
          role="columnheader"
          className={classes(c.cell, column.align === 'end' && c.end, column.wide && c.wide)}
        >
          {at === 0 && lead ? lead : column.header}
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
