import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { onTestFinished, vi } from 'vitest';
import { outage } from '../src/api/outage.ts';
import { session } from '../src/api/session.ts';
import { Application, makeQueryClient } from '../src/app/providers.tsx';
import { makeRouter } from '../src/app/router.ts';
import { trail } from '../src/features/issues/trail.ts';
import { listenForShortcuts } from '../src/lib/actions/registry.ts';
import { preferences } from '../src/lib/preferences.ts';
import { createMockApi, type MockOptions } from './mock-api.mjs';

export type Sent = { method: string; url: string; body: unknown };

/** Mounts the whole application at a path, with a stand-in for the server. `sent` is every request but reads. */
export const renderApp = (path: string, options: MockOptions = {}) => {
  const api = createMockApi(options);
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    if (method !== 'GET') sent.push({ method, url, body });
    const reply = api.answer(method, url, body);
    return new Response(reply.status === 204 ? null : reply.body, { status: reply.status, headers: reply.headers });
  });
  preferences.change({ singleKeys: true, density: 'comfortable', theme: 'light' });
  localStorage.clear();
  session.set(options.signedOut ? 'signed-out' : 'unknown');
  outage.set(undefined);
  trail.set({ ids: [], search: {} });
  const queryClient = makeQueryClient();
  const router = makeRouter(queryClient, createMemoryHistory({ initialEntries: [path] }));
  const stop = listenForShortcuts(window);
  onTestFinished(() => {
    stop();
    queryClient.clear();
    vi.unstubAllGlobals();
  });
  render(<Application queryClient={queryClient} router={router} />);
  return { api, sent, router, queryClient, user: userEvent.setup() };
};
