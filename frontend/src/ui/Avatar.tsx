import c from './Avatar.module.css';
import { classes } from './classes.ts';

const initials = (name: string): string => {
  const words = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : (words[0] ?? '?').slice(0, 2);
  return letters.toUpperCase();
};

/** A person or team as initials, drawn locally: no picture is fetched from anywhere. Teams are square. */
export function Avatar({ name, kind = 'user', size = 22 }: { name: string; kind?: 'user' | 'team'; size?: 22 | 26 }) {
  return (
    <span
      className={classes(c.avatar, kind === 'team' && c.team, size === 26 && c.large)}
      role="img"
      aria-label={name}
      title={name}
      // Drawn by the stylesheet: initials are a picture of the name, not a text of their own.
      data-initials={initials(name)}
    />
  );
}
