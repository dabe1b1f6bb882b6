import type { ReactNode } from 'react';
import c from './Pairs.module.css';
import { ValueTree } from './ValueTree.tsx';

export type Pair = { name: string; value: unknown; meta?: unknown; after?: ReactNode };

/** Names and values below each other. Names may repeat, as headers and query parameters do. */
export function Pairs({ rows, plain = false }: { rows: readonly Pair[]; plain?: boolean }) {
  return (
    <dl className={c.pairs} data-plain={plain || undefined}>
      {rows.map(({ name, value, meta, after }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names repeat and the list is read only.
        <div key={at} className={c.row}>
          <dt>{name}</dt>
          <dd>
            <ValueTree value={value} meta={meta} />
            {after}
          </dd>
        </div>
      ))}
    </dl>
  );
}
