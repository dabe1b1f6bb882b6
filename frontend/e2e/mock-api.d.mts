import type { Issue } from '../src/api/types.ts';

export type MockOptions = {
  /** No project has ever sent an event. */
  empty?: boolean;
  signedOut?: boolean;
  issues?: number;
  health?: 'delayed' | 'stopped';
  /** Every answer is 503. */
  down?: boolean;
};
export type MockReply = { status: number; headers: Record<string, string>; body: string };
export type MockApi = {
  answer: (method: string, url: string, body?: unknown) => MockReply;
  issues: Issue[];
  /** Ends the session on the server. */
  expire: () => void;
  options: MockOptions;
};
export function createMockApi(options?: MockOptions): MockApi;
