import type { Dsn } from '../dsn.ts';

export type Snippet = { language: string; code: string; file?: string };

/** What one has to do on a platform until its first event arrives. */
export type Platform = {
  /** Sentry's id of the platform; kept with the project. */
  id: string;
  name: string;
  /** Words one may look for it by. */
  words: string;
  /** One command for each package manager; none where nothing is installed. */
  install: readonly { manager: string; command: string; language?: string }[];
  configure: (dsn: Dsn) => Snippet | undefined;
  /** Something that fails on purpose. */
  verify: (dsn: Dsn) => Snippet;
};

const RELEASE = 'my-app@1.0.0';
export const example = { release: RELEASE, environment: 'production' } as const;

/** The same package through the three usual managers of npm packages. */
export const npm = (name: string): Platform['install'] => [
  { manager: 'npm', command: `npm install ${name}` },
  { manager: 'pnpm', command: `pnpm add ${name}` },
  { manager: 'yarn', command: `yarn add ${name}` },
];
export const pip = (name: string): Platform['install'] => [
  { manager: 'pip', command: `pip install ${name}` },
  { manager: 'uv', command: `uv add ${name}` },
  { manager: 'poetry', command: `poetry add ${name}` },
];
