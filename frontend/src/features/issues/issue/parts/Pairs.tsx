import c from './Pairs.module.css';
import { ValueTree } from './ValueTree.tsx';

export type Pair = { name: string; value: unknown; meta?: unknown };

/** Names and values below each other. Names may repeat, as headers and query parameters do. */
export function Pairs({ rows }: { rows: readonly Pair[] }) {
  return (
    <dl className={c.pairs}>
      {rows.map(({ name, value, meta }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names repeat and the list is read only.
        <div key={at} className={c.row}>
          <dt>{name}</dt>
          <dd>
            <ValueTree value={value} meta={meta} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
