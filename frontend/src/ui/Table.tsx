import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import c from './Table.module.css';

export type TableColumn<Row> = {
  id: string;
  header: ReactNode;
  align?: 'end';
  /** Dropped where the screen is narrow. */
  optional?: boolean;
  cell: (row: Row) => ReactNode;
};

/** A short table for settings and lists of some dozens of rows; long lists use DataGrid. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
}: {
  label: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}) {
  const look = (column: TableColumn<Row>) => classes(column.align === 'end' && c.end, column.optional && c.optional);
  return (
    <div className={c.frame}>
      <table className={c.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={look(column)}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.id} className={look(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
