import c from './PlatformMark.module.css';

/** Two or three letters for a platform: no logos, which belong to others. */
const marks: Record<string, string> = {
  javascript: 'JS',
  react: 'Re',
  vue: 'Vu',
  node: 'No',
  express: 'Ex',
  python: 'Py',
  django: 'Dj',
  flask: 'Fl',
  fastapi: 'FA',
  php: 'PHP',
  laravel: 'La',
  ruby: 'Rb',
  rails: 'Ra',
  go: 'Go',
  java: 'Jv',
  'spring-boot': 'SB',
  dotnet: '.N',
  csharp: 'C#',
  aspnetcore: 'AN',
  apple: 'iOS',
  cocoa: 'iOS',
  android: 'An',
  native: 'C++',
  rust: 'Rs',
  other: '{}',
};

const markOf = (platform: string): string => {
  const [family = '', ...rest] = platform.split('-');
  return marks[rest.join('-')] ?? marks[family] ?? (platform.slice(0, 2) || marks.other || '');
};

/** A small tile that stands for a platform; its name is always beside it. */
export function PlatformMark({ platform, size = 28 }: { platform: string | null | undefined; size?: 20 | 28 | 36 }) {
  return (
    <span className={c.mark} data-size={size} aria-hidden="true">
      {markOf(platform || 'other')}
    </span>
  );
}
