import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { MockApi } from '../../../e2e/mock-api.mjs';
import { renderApp } from '../../../e2e/render-app.tsx';

const PATH = '/organizations/acme/projects/';
const serveOne = (api: MockApi) => {
  const plain = api.answer;
  api.answer = (method, url, body) => {
    const reply = plain(method, url, body);
    if (!new URL(url, 'http://h').pathname.endsWith('/acme/projects/')) return reply;
    return { ...reply, body: JSON.stringify((JSON.parse(reply.body) as unknown[]).slice(0, 1)) };
  };
};

test('projects beside each other show whether events arrive', async () => {
  renderApp(PATH);
  expect((await screen.findAllByTestId(/^project-/)).length).toBeGreaterThan(1);
  expect(screen.queryByRole('region', { name: 'Latest issues' })).toBeNull();
});

test('the only project has the width of the page and shows its latest issues', async () => {
  const { api } = renderApp(PATH);
  serveOne(api);
  const latest = await screen.findByRole('region', { name: 'Latest issues' });
  const links = within(latest).getAllByRole('link');
  expect(links.length).toBeGreaterThan(1);
  expect(links[0]?.getAttribute('href')).toMatch(/^\/organizations\/acme\/issues\/\d+\/$/);
  const main = document.querySelector('main')?.clientWidth ?? 0;
  expect((await screen.findByTestId(/^project-/)).clientWidth).toBeGreaterThan(main * 0.9);
});
