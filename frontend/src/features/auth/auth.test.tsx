import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { session } from '@/api/session.ts';
import { renderApp } from '../../../e2e/render-app.tsx';

test('nobody is led to the sign-in, and afterwards to where they wanted to go', async () => {
  const { user, router } = renderApp('/organizations/acme/issues/?query=is%3Anew', { signedOut: true });
  await user.type(await screen.findByTestId('email'), 'mira@acme.example');
  const hint = screen.getByText(/make -s credentials/);
  expect(hint).toHaveProperty('open', false);
  await user.click(screen.getByText('First time here?'));
  expect(hint).toHaveProperty('open', true);
  await user.type(screen.getByTestId('password'), 'wrong');
  await user.click(screen.getByTestId('submit'));
  expect(await screen.findByText('The e-mail or password is not correct.')).toBeTruthy();
  await user.clear(screen.getByTestId('password'));
  await user.type(screen.getByTestId('password'), 'secret{Enter}');
  await waitFor(() => expect(router.latestLocation.href).toBe('/organizations/acme/issues/?query=is%3Anew'));
  expect((await screen.findAllByTestId('issue-link')).length).toBeGreaterThan(0);
});

test('a session whose second cookie is lost goes on instead of turning in circles', async () => {
  const { router } = renderApp('/organizations/acme/issues/');
  session.set('signed-out');
  expect((await screen.findAllByTestId('issue-link')).length).toBeGreaterThan(0);
  expect(router.latestLocation.pathname).toBe('/organizations/acme/issues/');
});

test('a session that ends opens a dialog over the page and the waiting change goes on', async () => {
  const { api, user, sent } = renderApp('/organizations/acme/issues/');
  await screen.findAllByTestId('issue-link');
  api.expire();
  await user.keyboard('e');
  expect(await screen.findByRole('dialog', { name: 'Your session has ended' })).toBeTruthy();
  expect(screen.getByTestId('email')).toHaveProperty('value', 'mira@acme.example');
  await user.type(screen.getByTestId('password'), 'secret{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await screen.findByText('Issue resolved.');
  expect(sent.filter(({ method }) => method === 'PUT').length).toBe(2);
});

test('signing out leaves nothing behind', async () => {
  const { user, router, queryClient } = renderApp('/organizations/acme/issues/');
  await screen.findAllByTestId('issue-link');
  await user.click(screen.getByTestId('account-menu'));
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  await waitFor(() => expect(router.latestLocation.pathname).toBe('/auth/login/'));
  expect(
    JSON.stringify(
      queryClient
        .getQueryCache()
        .getAll()
        .map(({ queryKey }) => queryKey),
    ),
  ).not.toContain('/issues/');
});
