import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { MockApi, MockReply } from '../../../e2e/mock-api.mjs';
import { renderApp } from '../../../e2e/render-app.tsx';

const KEY = '9a1b2c3d4e5f60718293a4b5c6d7e8f9';
const DSN = `http://${KEY}@localhost:8900/7`;
const reply = (data: unknown, status = 200): MockReply => ({ status, headers: {}, body: JSON.stringify(data) });

const project = { id: '7', slug: 'fresh', name: 'fresh', platform: null, dateCreated: '', firstEvent: null };

/** A project that has sent nothing; `arrive` lets its first event in. */
const serveFresh = (api: MockApi) => {
  const plain = api.answer;
  let arrived = false;
  api.answer = (method, url, body) => {
    const { pathname, searchParams } = new URL(url, 'http://h');
    if (pathname === '/api/0/organizations/acme/projects/' && method === 'GET') return reply([project]);
    if (pathname === '/api/0/projects/acme/fresh/') return reply(project);
    if (pathname.endsWith('/keys/')) return reply([{ id: KEY, isActive: true, dsn: { public: DSN } }]);
    if (pathname.endsWith('/issues/') && searchParams.get('project') === '7') {
      return reply(arrived ? [{ id: '41', shortId: 'FRESH-1', title: 'x', metadata: { type: 'CardExpired' } }] : []);
    }
    if (pathname.startsWith('/api/0/teams/acme/')) {
      const { slug } = body as { slug: string };
      return slug === 'taken' ? reply({ slug: ['Already in use.'] }, 409) : reply({ ...project, slug }, 201);
    }
    return plain(method, url, body);
  };
  return { arrive: () => (arrived = true) };
};

test('a platform leads to its snippets, with the DSN of the project filled in', async () => {
  const { api, user, sent } = renderApp('/onboarding/acme/');
  serveFresh(api);
  await user.type(await screen.findByTestId('platform-search'), 'flask');
  await user.click(await screen.findByTestId('platform-python-flask'));
  const code = await screen.findByRole('region', { name: 'Code to configure the SDK' });
  expect(code.textContent).toContain(`dsn="${DSN}"`);
  await user.click(screen.getByRole('button', { name: 'uv' }));
  expect(screen.getByRole('region', { name: 'Command to install' }).textContent).toContain('uv add');
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ method: 'PUT', body: { platform: 'python-flask' } }));
});

test('a word that fits nothing still leads to the way without an SDK', async () => {
  const { api, user } = renderApp('/onboarding/acme/');
  serveFresh(api);
  await user.type(await screen.findByTestId('platform-search'), 'cobol');
  expect(screen.getByTestId('platform-other')).toBeTruthy();
  expect(screen.getByText(/None of the guides fits “cobol”/)).toBeTruthy();
});

test('the waiting line turns into a link by itself', async () => {
  const { api } = renderApp('/onboarding/acme/?platform=python');
  const { arrive } = serveFresh(api);
  const line = await screen.findByTestId('first-event');
  expect(line.textContent).toContain('Waiting for the first event');
  arrive();
  const link = await within(line).findByTestId('first-issue', {}, { timeout: 4000 });
  expect(link.getAttribute('href')).toBe('/organizations/acme/issues/41/');
  expect(line.textContent).toContain('CardExpired');
});

test('a sample is sent to this very server as an SDK would, and a refusal is told', async () => {
  const { api, user } = renderApp('/onboarding/acme/?platform=python');
  serveFresh(api);
  const others = globalThis.fetch;
  const envelopes: [url: string, body: string][] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    if (url.startsWith('/api/0/')) return others(url, init);
    envelopes.push([url, String(init.body)]);
    return Promise.resolve(new Response('{"detail":"wrong project"}', { status: 403 }));
  });
  await user.click(await screen.findByTestId('send-sample'));
  await screen.findByText('The sample was not taken: wrong project');
  const [url, body] = envelopes[0] ?? ['', ''];
  expect(url).toBe(`/api/7/envelope/?sentry_version=7&sentry_key=${KEY}`);
  const [header, item, payload] = body.split('\n').map((line) => (line ? JSON.parse(line) : {}));
  expect(item).toEqual({ type: 'event' });
  expect(payload).toMatchObject({ event_id: header.event_id, tags: { sample: 'yes' } });
});

test('a new project is named after its platform until somebody names it', async () => {
  const { api, user, sent, router } = renderApp('/organizations/acme/projects/new/');
  serveFresh(api);
  const go = await screen.findByTestId('platform-go');
  const name = screen.getByTestId('project-name');
  expect(name.compareDocumentPosition(go)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  await user.click(go);
  expect(name).toHaveProperty('value', 'go');
  await user.clear(name);
  await user.type(name, 'Price Engine');
  expect(screen.getByTestId('project-slug')).toHaveProperty('value', 'price-engine');
  await user.click(screen.getByTestId('create-project'));
  await waitFor(() =>
    expect(sent.at(-1)?.body).toMatchObject({ name: 'Price Engine', slug: 'price-engine', platform: 'go' }),
  );
  await waitFor(() =>
    expect(router.state.location.pathname).toBe('/organizations/acme/projects/price-engine/getting-started/'),
  );
});

test('on a phone the most used platforms stand first, the others are a press away', async () => {
  await page.viewport(390, 844);
  onTestFinished(() => page.viewport(1280, 800));
  const { api, user } = renderApp('/organizations/acme/projects/new/');
  serveFresh(api);
  const rails = await screen.findByTestId('platform-ruby-rails');
  expect(screen.getByTestId('platform-go').checkVisibility()).toBe(true);
  expect(rails.checkVisibility()).toBe(false);
  await user.click(screen.getByTestId('all-platforms'));
  expect(rails.checkVisibility()).toBe(true);
});

test('a taken short name is told beside its field', async () => {
  const { api, user } = renderApp('/organizations/acme/projects/new/');
  serveFresh(api);
  await user.type(await screen.findByTestId('project-name'), 'taken');
  await user.click(screen.getByTestId('create-project'));
  expect((await screen.findByRole('alert')).textContent).toBe('Already in use.');
  await waitFor(() => expect(screen.getByTestId('project-slug').ariaInvalid ?? 'true').toBe('true'));
});

test('has nothing that axe objects to', async () => {
  const { api } = renderApp('/onboarding/acme/?platform=javascript-react');
  serveFresh(api);
  await screen.findByTestId('first-event');
  const { violations } = await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});
