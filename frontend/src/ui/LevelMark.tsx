import { type Level, levels } from '@/design/tokens.ts';
import { classes } from './classes.ts';
import c from './LevelMark.module.css';

// Shape carries the level; colour only repeats it (WCAG 1.4.1).
const shapes: Record<Level, string> = {
  fatal: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
  error: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
  warning: 'M8 1.5 15.2 14H.8z',
  info: 'M2 2h12v12H2z',
  debug: 'M8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm0 2a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
};

const known = (level: string): Level => levels.find((name) => name === level) ?? 'error';

export function LevelMark({ level, size = 12 }: { level: string; size?: number }) {
  const shown = known(level);
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      role="img"
      aria-label={level}
      className={classes(c.mark, c[shown])}
    >
      <path d={shapes[shown]} fillRule="evenodd" />
    </svg>
  );
}
