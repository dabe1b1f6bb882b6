import { type MouseEvent, memo, type ReactNode } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Checkbox } from './Checkbox.tsx';
import { classes } from './classes.ts';
import c from './DataGrid.module.css';

const t = defineMessages({ select: 'Select {name}' });

export type GridColumn<Row> = {
  id: string;
  header: ReactNode;
  /** A width of CSS grid. */
  width: string;
  align?: 'end';
  /** Only where there is room for it. */
  wide?: boolean;
  cell: (row: Row) => ReactNode;
};

type Props<Row> = {
  row: Row;
  id: string;
  name: string;
  index: number;
  top: number;
  columns: readonly GridColumn<Row>[];
  active: boolean;
  marked: boolean;
  selected: boolean;
  onCursor: (index: number) => void;
  onSelect: (id: string, range: boolean) => void;
  onOpen: (row: Row, elsewhere: boolean) => void;
};

const own = 'a, button, input, [role=button]';

function GridRowInner<Row>(props: Props<Row>) {
  const { row, id, name, index, top, columns, active, marked, selected, onCursor, onSelect, onOpen } = props;
  const press = (event: MouseEvent) => {
    onCursor(index);
    // Links and buttons in the row do their own thing, and a text being selected is not a press.
    if ((event.target as Element).closest(own) || getSelection()?.toString()) return;
    if (event.shiftKey) onSelect(id, true);
    else onOpen(row, event.metaKey || event.ctrlKey);
  };
  return (
    <div
      id={`row-${id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes(c.row, c.columns)}
      data-active={active || undefined}
      data-marked={marked || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={press}
    >
      <div role="gridcell" className={c.check}>
        <label>
          <Checkbox
            tabIndex={-1}
            checked={selected}
            aria-label={t('select', { name })}
            onChange={(event) => onSelect(id, (event.nativeEvent as unknown as PointerEvent).shiftKey)}
          />
        </label>
      </div>
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={classes(c.cell, column.align === 'end' && c.end, column.wide && c.wide)}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** One row, drawn again only when something of it has changed. */
export const GridRow = memo(GridRowInner) as typeof GridRowInner;
