import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import type { MockApi, MockReply } from '../../../e2e/mock-api.mjs';
import { renderApp } from '../../../e2e/render-app.tsx';

const reply = (data: unknown, status = 200): MockReply => ({ status, headers: {}, body: JSON.stringify(data) });
const project = {
  id: '2',
  slug: 'web',
  name: 'web',
  platform: 'javascript',
  dateCreated: '',
  firstEvent: null,
  allowedDomains: ['*'],
};
const DSN = 'http://abc@localhost:8900/2';
const key = {
  id: 'abc',
  name: 'Default',
  isActive: true,
  rateLimit: null,
  dateCreated: '',
  dsn: { public: DSN, csp: 'http://h/csp' },
};

/** The parts of the server that settings talk to. */
const serveSettings = (api: MockApi): void => {
  const plain = api.answer;
  const tokens: object[] = [];
  let keys = [key];
  api.answer = (method, url, body) => {
    const { pathname } = new URL(url, 'http://h');
    const given = (body ?? {}) as Record<string, unknown>;
    if (pathname === '/api/0/users/me/password/') {
      return given.password === 'old'
        ? { status: 204, headers: {}, body: '' }
        : reply({ password: ['Not correct.'] }, 400);
    }
    if (pathname === '/api/0/api-tokens/' && method === 'POST') {
      tokens.push({ id: '1', ...given, dateCreated: '2026-11-20T10:00:00Z' });
      return reply({ id: '1', ...given, token: 'sntryu_0123' }, 201);
    }
    if (pathname === '/api/0/api-tokens/') return reply(tokens);
    if (pathname.startsWith('/api/0/api-tokens/')) {
      tokens.pop();
      return { status: 204, headers: {}, body: '' };
    }
    if (pathname === '/api/0/projects/acme/web/')
      return given.slug === 'taken' ? reply({ slug: ['Already in use.'] }, 400) : reply(project);
    if (pathname === '/api/0/projects/acme/web/keys/') return reply(keys);
    if (pathname === '/api/0/projects/acme/web/keys/abc/') {
      keys = [{ ...key, ...given }];
      return reply(keys[0]);
    }
    return plain(method, url, body);
  };
};

const open = (path: string) => {
  const app = renderApp(path);
  serveSettings(app.api);
  return app;
};

test('a token is made with the scopes that were asked for, and shown once', async () => {
  const { user, sent, router } = open('/settings/account/api/auth-tokens/new-token/?scopes=project:releases');
  await user.type(await screen.findByLabelText(/^Name/), 'CI');
  await user.selectOptions(screen.getByTestId('scope-event'), 'write');
  await user.click(screen.getByTestId('save'));
  expect((await screen.findByTestId('token')).textContent).toBe('sntryu_0123');
  expect(sent.at(-1)?.body).toEqual({ name: 'CI', scopes: ['event:read', 'event:write', 'project:releases'] });
  await user.click(screen.getByRole('link', { name: 'Back to the tokens' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/account/api/auth-tokens/'));
  expect(await screen.findByText('CI')).toBeTruthy();
  expect(document.body.textContent).not.toContain('sntryu_0123');
});

test('revoking asks first', async () => {
  const { user, sent } = open('/settings/account/api/auth-tokens/new-token/?scopes=org:read');
  await user.type(await screen.findByLabelText(/^Name/), 'CI');
  await user.click(screen.getByTestId('save'));
  await user.click(await screen.findByRole('link', { name: 'Back to the tokens' }));
  await user.click(await screen.findByTestId('revoke'));
  expect(sent.at(-1)?.method).toBe('POST');
  await user.click(await screen.findByTestId('confirm'));
  expect(await screen.findByText('No token yet')).toBeTruthy();
  expect(sent.at(-1)).toMatchObject({ method: 'DELETE', url: '/api/0/api-tokens/1/' });
});

test('a wrong password is told beside its field, the right one is changed and the fields are emptied', async () => {
  const { user } = open('/settings/account/security/');
  const current = await screen.findByLabelText('Current password');
  const fill = async (password: string) => {
    await user.clear(current);
    await user.type(current, password);
    await user.type(screen.getByLabelText('New password'), 'n3w');
    await user.type(screen.getByLabelText('New password once more'), 'n3w');
    await user.click(screen.getByTestId('save'));
  };
  await fill('wrong');
  expect((await screen.findByRole('alert')).textContent).toBe('Not correct.');
  await fill('old');
  expect(await screen.findByText('The password is changed.')).toBeTruthy();
  expect(current).toHaveProperty('value', '');
});

test('what cannot be changed is text, not a field', async () => {
  open('/settings/account/details/');
  expect(await screen.findByText('mira@acme.example')).toBeTruthy();
  expect(screen.queryByRole('textbox', { name: 'E-mail' })).toBeNull();
});

test('a key is switched off where it is listed', async () => {
  const { user, sent } = open('/settings/acme/projects/web/keys/');
  await user.click(await screen.findByRole('switch', { name: 'Accepts events' }));
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ method: 'PUT', body: { isActive: false } }));
  expect(await screen.findByText('off')).toBeTruthy();
});

test('a limit is saved with its window, and an empty one takes it away', async () => {
  const { user, sent } = open('/settings/acme/projects/web/keys/abc/');
  const count = await screen.findByLabelText(/^At most/);
  await user.type(count, '500');
  await user.selectOptions(screen.getByLabelText('in'), '3600');
  await user.click(screen.getByTestId('save'));
  await waitFor(() =>
    expect(sent.at(-1)?.body).toMatchObject({ rateLimit: { count: 500, window: 3600 }, isActive: true }),
  );
  await user.clear(count);
  await user.click(screen.getByTestId('save'));
  await waitFor(() => expect(sent.at(-1)?.body).toMatchObject({ rateLimit: null }));
});

test('the server’s refusal stands beside the field it is about; a new short name moves the page', async () => {
  const { user, router } = open('/settings/acme/projects/web/');
  const slug = await screen.findByLabelText('Short name');
  await user.clear(slug);
  await user.type(slug, 'taken');
  await user.click(screen.getByTestId('save'));
  expect((await screen.findByRole('alert')).textContent).toBe('Already in use.');
  await user.clear(slug);
  await user.type(slug, 'storefront');
  await user.click(screen.getByTestId('save'));
  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/acme/projects/storefront/'));
});

test.each(['/settings/', '/settings/account/'])('%s leads to the details of the account', async (path) => {
  const { router } = open(path);
  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/account/details/'));
});

test.each(['/settings/account/details/', '/settings/acme/projects/web/keys/', '/settings/acme/members/'])(
  'axe objects to nothing at %s',
  async (path) => {
    open(path);
    await screen.findByRole('heading', { level: 1 });
    await within(document.body).findByRole('navigation', { name: 'Settings' });
    const { violations } = await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  },
);
