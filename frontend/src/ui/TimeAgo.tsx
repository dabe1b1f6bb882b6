import { useEffect, useState } from 'react';
import { ago, nextChange } from '@/lib/time/relative.ts';
import { inBothZones } from '@/lib/time/zone.ts';

const LONGEST_WAIT = 60 * 60 * 1000;

/** An age that keeps itself current; the exact moment with its zone is in the tooltip. */
export function TimeAgo({ iso, suffix = '' }: { iso: string; suffix?: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      timer = setTimeout(
        () => {
          tick((count) => count + 1);
          wait();
        },
        Math.min(Math.max(nextChange(iso), 1000), LONGEST_WAIT),
      );
    };
    wait();
    return () => clearTimeout(timer);
  }, [iso]);
  return (
    <time dateTime={iso} title={inBothZones(iso)}>
      {ago(iso)}
      {suffix}
    </time>
  );
}
