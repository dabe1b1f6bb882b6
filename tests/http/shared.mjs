// Data that is not part of the project, laid beside the checkout; tests that need it skip where it is absent.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkout } from '../harness/instance.mjs';

export const shared = resolve(process.env.VEDETTE_SHARED ?? join(checkout, '../shared'));

/** The `skip` option of a test: false, or the reason. */
export const absent = existsSync(shared) ? false : `${shared} is absent`;
