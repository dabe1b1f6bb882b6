import { storeUrl } from '../dsn.ts';
import { example, type Platform } from './platform.ts';

const event = {
  level: 'error',
  platform: 'other',
  release: example.release,
  environment: example.environment,
  exception: { values: [{ type: 'BackupFailed', value: 'The first event from a shell' }] },
};

/** Anything that can send HTTP: no SDK needed. */
export const http: Platform = {
  id: 'other',
  name: 'curl, or anything with HTTP',
  words: 'shell bash script http rest api generic other',
  install: [],
  configure: () => undefined,
  verify: (dsn) => ({
    language: 'bash',
    code: `curl '${storeUrl(dsn)}' \\
  -H 'Content-Type: application/json' \\
  --data '${JSON.stringify(event, null, 2)}'`,
  }),
};
