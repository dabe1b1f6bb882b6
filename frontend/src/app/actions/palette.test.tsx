import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '../../../e2e/render-app.tsx';

const open = async (user: ReturnType<typeof renderApp>['user']) => {
  await screen.findAllByTestId('issue-link');
  await user.keyboard('{Control>}k{/Control}');
  return screen.findByRole('dialog', { name: 'Command palette' });
};

test('the palette offers what the page can do, with the same keys', async () => {
  const { user } = renderApp('/organizations/acme/issues/');
  const palette = await open(user);
  expect(within(palette).getByRole('option', { name: /Resolve/ }).textContent).toContain('E');
  await user.keyboard('projects');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a short id and an event id lead where they belong', async () => {
  const { user, router } = renderApp('/organizations/acme/issues/');
  await open(user);
  await user.keyboard('web-b5');
  await user.click(await screen.findByRole('option', { name: /Issue WEB-B5/ }));
  await waitFor(() => expect(router.latestLocation.pathname).toContain('/organizations/acme/issues/WEB-B5/'));
});

test('any text can be searched for', async () => {
  const { user, router } = renderApp('/organizations/acme/issues/');
  await open(user);
  await user.keyboard('connection refused');
  await user.click(await screen.findByRole('option', { name: /Search issues for/ }));
  await waitFor(() => expect(router.latestLocation.search).toMatchObject({ query: 'connection refused' }));
});

test('the sheet lists the keys of this page, and can switch single keys off', async () => {
  const { user } = renderApp('/organizations/acme/issues/');
  await screen.findAllByTestId('issue-link');
  await user.keyboard('?');
  const sheet = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  expect(within(sheet).getByText('Next issue')).toBeTruthy();
  await user.click(within(sheet).getByRole('switch'));
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const before = document.querySelector('[role=row][data-active]')?.id;
  await user.keyboard('j');
  expect(document.querySelector('[role=row][data-active]')?.id).toBe(before);
  await user.keyboard('{Control>}k{/Control}');
  expect(await screen.findByRole('dialog', { name: 'Command palette' })).toBeTruthy();
});

test('"g o" goes to the projects', async () => {
  const { user, router } = renderApp('/organizations/acme/issues/');
  await screen.findAllByTestId('issue-link');
  await user.keyboard('go');
  await waitFor(() => expect(router.latestLocation.pathname).toBe('/organizations/acme/projects/'));
});
