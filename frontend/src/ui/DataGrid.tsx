import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { classes } from './classes.ts';
import c from './DataGrid.module.css';
import { type GridColumn, GridRow } from './GridRow.tsx';
import type { Selection } from './selection.ts';
import { isSelected } from './selection.ts';

const OVERSCAN = 8;
const NEAR_END = 12;
const HEADER = 34;

type Props<Row> = {
  label: string;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowName: (row: Row) => string;
  columns: readonly GridColumn<Row>[];
  rowHeight: number;
  /** How many there are in all, loaded or not. */
  total: number;
  cursor: number;
  onCursor: (index: number) => void;
  onOpen: (row: Row, elsewhere: boolean) => void;
  selection: Selection;
  onSelect: (id: string, range: boolean) => void;
  /** Rows that carry a bar at their left edge. */
  isMarked?: (row: Row) => boolean;
  /** What stands in the header row while something is selected. */
  header: ReactNode;
  footer?: ReactNode;
  onNearEnd?: (() => void) | undefined;
  /** Shown while newer rows are on their way. */
  stale?: boolean;
};

const template = <Row,>(columns: readonly GridColumn<Row>[], wide: boolean): string =>
  ['28px', ...columns.filter((column) => wide || !column.wide).map((column) => column.width)].join(' ');

/** Where the rows begin inside the scrolling element, kept right when something above them changes its height. */
const useScrollMargin = (body: React.RefObject<HTMLDivElement | null>): [HTMLElement | null, number] => {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const element = body.current;
    const main = element?.closest('main') ?? null;
    setScroller(main);
    if (!element || !main) return;
    const measure = () =>
      setMargin(element.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(main);
    if (element.parentElement?.parentElement) observer.observe(element.parentElement.parentElement);
    return () => observer.disconnect();
  }, [body]);
  return [scroller, margin];
};

/**
 * A long list: virtual rows of one height inside the page's own scrolling, one tab stop, a cursor and a selection. Which
 * keys do what beyond moving and opening is up to the page's actions.
 */
export function DataGrid<Row>(props: Props<Row>) {
  const { label, rows, rowId, rowName, columns, rowHeight, total, cursor, onCursor, onOpen, selection, onSelect } =
    props;
  const { isMarked, header, footer, onNearEnd, stale = false } = props;
  const body = useRef<HTMLDivElement>(null);
  const [scroller, scrollMargin] = useScrollMargin(body);
  const rangeExtractor = useCallback(
    // The cursor row stays in the document: aria-activedescendant must name something that exists.
    (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(cursor, range.count - 1)])].sort((a, b) => a - b),
    [cursor],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin,
    scrollPaddingStart: HEADER,
    rangeExtractor,
    getItemKey: (index) => rowId(rows[index] as Row),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height must be measured anew.
  useEffect(() => virtual.measure(), [rowHeight]);
  const shown = useRef(cursor);
  useEffect(() => {
    if (shown.current === cursor) return;
    shown.current = cursor;
    virtual.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onNearEnd && rows.length > 0 && last >= rows.length - NEAR_END) onNearEnd();
  }, [last, rows.length, onNearEnd]);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(((scroller?.clientHeight ?? 0) - HEADER) / rowHeight) - 1);
    const moves: Record<string, number> = { PageDown: cursor + page, PageUp: cursor - page };
    const row = rows[cursor];
    if (event.key in moves) onCursor(Math.max(0, Math.min(rows.length - 1, moves[event.key] ?? 0)));
    else if (event.key === ' ' && row) onSelect(rowId(row), event.shiftKey);
    else return;
    event.preventDefault();
  };
  const current = rows[cursor];
  return (
    <div className={c.frame}>
      <div
        className={classes(c.grid, stale && c.stale)}
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-multiselectable="true"
        aria-busy={stale}
        aria-activedescendant={current ? `row-${rowId(current)}` : undefined}
        tabIndex={0}
        data-grid=""
        data-test-id="grid"
        onKeyDown={onKeyDown}
        style={
          { '--columns': template(columns, true), '--columns-narrow': template(columns, false) } as React.CSSProperties
        }
      >
        <div role="rowgroup" className={c.head}>
          {header}
        </div>
        <div ref={body} role="rowgroup" className={c.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <GridRow
                key={item.key}
                row={row}
                id={rowId(row)}
                name={rowName(row)}
                index={item.index}
                top={item.start - scrollMargin}
                columns={columns}
                active={item.index === cursor}
                marked={isMarked?.(row) ?? false}
                selected={isSelected(selection, rowId(row))}
                onCursor={onCursor}
                onSelect={onSelect}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
      {footer}
    </div>
  );
}
