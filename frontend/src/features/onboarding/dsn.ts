/** The parts of a DSN, the address an SDK sends to: http://KEY@host/PROJECT. */
export type Dsn = { text: string; key: string; project: string; origin: string };

export const readDsn = (text: string): Dsn | undefined => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const [, prefix = '', project = ''] = /^(.*)\/(\d+)$/.exec(url.pathname) ?? [];
  if (!url.username || !project) return undefined;
  return { text, key: url.username, project, origin: url.origin + prefix };
};

/** Where an event can be sent by hand, without an SDK. */
export const storeUrl = ({ origin, project, key }: Dsn): string =>
  `${origin}/api/${project}/store/?sentry_version=7&sentry_key=${key}`;
