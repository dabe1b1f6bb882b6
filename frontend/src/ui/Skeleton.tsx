import { useEffect, useState } from 'react';
import { common } from '@/lib/i18n/en.ts';
import c from './Skeleton.module.css';

const QUIET = 150;
const widths = ['62%', '48%', '71%', '55%', '66%', '43%'];

/** Grey bars of the right height where rows will be. Nothing for the first 150 ms: most answers are faster. */
export function Skeleton({ rows = 3, height = 20 }: { rows?: number; height?: number | string }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), QUIET);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={c.skeleton} role="status" aria-busy="true" aria-label={common('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move.
        <div key={row} className={c.row} style={{ height }}>
          {shown && <i style={{ width: widths[row % widths.length] }} />}
        </div>
      ))}
    </div>
  );
}
