import { createStore } from '@/lib/store.ts';
import type { Problem } from './problem.ts';

/** Set while the server cannot be reached or says that it cannot answer; cleared by the next answer. */
export const outage = createStore<Problem | undefined>(undefined);

/** What may pass by itself: no connection, a gateway without a server, a server without its database. */
export const isPassing = ({ status }: Problem): boolean => status === 0 || (status >= 502 && status <= 504);

const DEFAULT_WAIT = 5;

/** Milliseconds until it is worth asking again. */
export const waitOf = (problem: Problem): number => (problem.retryAfter ?? DEFAULT_WAIT) * 1000;
