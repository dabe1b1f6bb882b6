import { memo } from 'react';
import c from './Sparkbars.module.css';

const bar = (x: number, width: number, height: number, floor: number): string =>
  `M${x.toFixed(1)} ${floor}v-${height.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}z`;

/** A trend as small as a table cell; the newest bucket is marked. Decoration: the figures stand beside it. */
export const Sparkbars = memo(function Sparkbars({
  values,
  width = 112,
  height = 26,
}: {
  values: readonly number[];
  width?: number;
  height?: number;
}) {
  const highest = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const bars = values.map((value, at) => {
    const tall = value === 0 ? 1 : Math.max(2, (value / highest) * (height - 2));
    return bar(at * step, Math.max(1, step - 1), tall, height);
  });
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="none"
      className={c.spark}
      aria-hidden="true"
    >
      <path d={bars.slice(0, -1).join('')} />
      <path d={bars.at(-1)} className={c.now} />
    </svg>
  );
});
