import type { TagValue } from '@/api/types.ts';
import { percent } from '@/lib/format/number.ts';
import c from './ShareBar.module.css';

const SHOWN = 4;

/** How events divide among the values of a tag; the rest stays grey. */
export function ShareBar({ values, total }: { values: readonly TagValue[]; total: number }) {
  const shown = values.slice(0, SHOWN);
  const sum = Math.max(total, 1);
  const rest = sum - shown.reduce((used, { count }) => used + count, 0);
  const label = shown.map(({ value, name, count }) => `${value || name} ${percent(count / sum)}`).join(', ');
  return (
    <span className={c.bar} role="img" aria-label={label}>
      {shown.map(({ value, count }, at) => (
        <i key={value} data-place={at} style={{ flexGrow: count }} />
      ))}
      {rest > 0 && <i style={{ flexGrow: rest }} />}
    </span>
  );
}
