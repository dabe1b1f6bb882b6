// A person uses the app in Chromium, against the real server: from the first sign-in to the triage of issues.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startInstance, until } from '../harness/instance.mjs';
import { launch, openPage, settled, T } from './browser.mjs';
import * as events from './events.mjs';

const ISSUES = '/organizations/vedette/issues/';
const CASES = 8;

describe('the app', () => {
  let vedette;
  let browser;
  before(async () => {
    vedette = await startInstance();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await vedette?.stop();
  });

  /** A test in a page of its own, which must stay calm. */
  function inPage(name, options, steps) {
    test(name, async () => {
      const page = await openPage(browser, vedette, options);
      try {
        await steps(page);
        page.calm();
      } finally {
        await page.context().close();
      }
    });
  }

  const list = async (query) => (await vedette.api(`${ISSUES}?query=${encodeURIComponent(query)}`)).body;
  const named = async (title) => (await list('')).find((issue) => issue.title.startsWith(title));
  const text = (page, words) => page.getByText(words).first().waitFor();
  /** The list as it is on the screen: the titles of its rows. */
  const rows = (page) => page.locator('[role=row][aria-selected]');
  const activeTitle = (page) => page.locator('[role=row][data-active]').innerText();

  inPage('where the first password is, the sign-in tells only when asked', { signedIn: false }, async (page) => {
    await page.goto('/auth/login/');
    const hint = page.getByText('make -s credentials');
    await page.getByText('First time here?').waitFor();
    assert.equal(await page.locator('details').getAttribute('open'), null);
    await page.getByText('First time here?').click();
    await hint.waitFor();
    assert.equal(await page.locator('details').getAttribute('open'), '');
  });

  inPage('a deep link leads a stranger to the sign-in, and then to where they wanted to go', { signedIn: false }, async (page) => {
    const { email, password, project } = vedette.credentials;
    const wanted = `/settings/vedette/projects/${project}/keys/`;
    page.expected.push(/status of 40[01]/);
    await page.goto(wanted);
    await page.waitForURL(/\/auth\/login\/\?next=/);
    await page.fill(T('email'), email);
    await page.fill(T('password'), 'not the password');
    await page.click(T('submit'));
    await text(page, 'The e-mail or password is not correct.');
    await page.fill(T('password'), password);
    await page.keyboard.press('Enter');
    await page.waitForURL(wanted);
    await text(page, vedette.credentials.dsn);
  });

  inPage('the first run shows the DSN, waits, and leads to the first issue', {}, async (page) => {
    await page.goto('/');
    await page.waitForURL(/\/onboarding\/vedette\//);
    await page.click(T('platform-python'));
    await text(page, 'sentry_sdk.init');
    assert.equal(await page.locator(T('dsn')).innerText(), vedette.credentials.dsn);
    const line = page.locator(T('first-event'));
    assert.match(await line.innerText(), /Waiting for the first event/);
    await vedette.store(events.payment());
    await page.locator(`${T('first-event')}[data-arrived]`).waitFor();
    assert.match(await line.innerText(), /PaymentDeclined/);
    await page.click(T('first-issue'));
    await page.waitForURL(/\/issues\/\d+\//);
    await page.getByRole('heading', { level: 1, name: /PaymentDeclined/ }).waitFor();
  });

  inPage('issues come into the list while one looks at it', {}, async (page) => {
    await page.goto(ISSUES);
    await text(page, 'PaymentDeclined');
    for (const visitor of [8, 9]) await vedette.store(events.payment(20 + visitor, visitor));
    for (const event of [events.minified(), events.warning(), events.crash()]) await vedette.store(event);
    for (let i = 0; i < CASES; i++) await vedette.store({ message: `case ${i}`, fingerprint: [`group-${i}`], level: 'error', timestamp: Date.now() / 1000 - 3600 - i * 60 });
    await until(async () => (await list('')).length === CASES + 4);
    await page.keyboard.press('r');
    await text(page, 'OutOfMemoryError');
    await text(page, 'stock of A-17 fell below 5');
    assert.equal(await rows(page).count(), CASES + 4);
    assert.match(await page.title(), /Issues/);
    // All events are of today: the chart is that of a day, not one bar at the end of 14.
    await text(page, 'all in the last 24 hours');
  });

  inPage('keys alone triage the list: move, choose, resolve, undo', {}, async (page) => {
    await page.goto(`${ISSUES}?query=is:unresolved+case`);
    await text(page, 'case 7');
    await settled(page);
    assert.match(await activeTitle(page), /case 0/);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.match(await activeTitle(page), /case 1/);
    await page.keyboard.press('x');
    await page.locator(T('bulk-bar')).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await text(page, '2 selected');
    await page.keyboard.press('e');
    await text(page, '2 issues resolved.');
    await until(async () => (await list('is:resolved')).length === 2);
    await until(async () => (await rows(page).count()) === CASES - 2);
    await page.keyboard.press('z');
    await until(async () => (await list('is:resolved')).length === 0);
    await until(async () => (await rows(page).count()) === CASES);
  });

  inPage('many are resolved with the mouse, and found again by a search', {}, async (page) => {
    await page.goto(`${ISSUES}?query=is:unresolved+case`);
    await text(page, 'case 7');
    for (const name of ['case 6', 'case 7']) await rows(page).filter({ hasText: name }).getByRole('checkbox').click();
    await page.click(T('bulk-resolve'));
    await page.getByRole('menuitem', { name: 'Now' }).click();
    await text(page, '2 issues resolved.');
    await until(async () => (await list('is:resolved')).length === 2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('is:resolved');
    await page.keyboard.press('Enter');
    await page.waitForURL(/query=is%3Aresolved/);
    await until(async () => (await rows(page).count()) === 2);
    assert.match(await rows(page).first().innerText(), /case [67]/);
  });

  inPage('a search that cannot be read says where and why', {}, async (page) => {
    page.expected.push(/status of 400/);
    await page.goto(ISSUES);
    await text(page, 'PaymentDeclined');
    await page.fill(T('query'), 'timesSeen:many');
    await page.keyboard.press('Enter');
    await text(page, /Invalid number/);
    await page.fill(T('query'), 'no-such-word-anywhere');
    await page.keyboard.press('Enter');
    await page.locator(T('widen')).waitFor();
  });

  inPage('an issue shows its errors, frames, source, values, breadcrumbs, tags and request', {}, async (page) => {
    const issue = await named('PaymentDeclined');
    await page.goto(ISSUES);
    await page.locator(T('issue-link')).filter({ hasText: 'PaymentDeclined' }).first().click();
    await page.waitForURL(new RegExp(`/issues/${issue.id}/`));
    await page.locator(T('event-bar')).waitFor();
    await text(page, 'GatewayTimeout');
    const frames = page.locator(T('frame'));
    await until(async () => (await frames.count()) > 0);
    const inApp = await frames.count();
    assert.ok((await frames.allInnerTexts()).every((line) => !line.includes('urllib3')));
    await text(page, 'raise PaymentDeclined(f"no answer from');
    await text(page, 'charge_with_retry_and_backoff');
    await text(page, '[Filtered]');
    await page.click(T('segment-all'));
    await until(async () => (await frames.count()) > inApp);
    assert.ok((await frames.allInnerTexts()).some((line) => line.includes('urllib3')));
    await page.click(T('segment-raw'));
    await text(page, 'Traceback (most recent call last)');
    await page.keyboard.press('s');
    await until(async () => (await frames.count()) === inApp);
    await text(page, 'attempt 2 failed, waiting 400 ms');
    await text(page, 'https://pay.example/v2/charges');
    await text(page, 'payment.method');
    await text(page, 'CPython');
    await text(page, 'new-checkout');
    await text(page, 'django');
  });

  inPage('nothing on the page of an issue moves while it loads', {}, async (page) => {
    const issue = await named('PaymentDeclined');
    await page.addInitScript(() => {
      window.moved = 0;
      const count = (list) => list.getEntries().forEach(({ value, hadRecentInput }) => (window.moved += hadRecentInput ? 0 : value));
      new PerformanceObserver(count).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${ISSUES}${issue.id}/`);
    await page.locator(T('event-bar')).waitFor();
    await settled(page, 500);
    assert.ok((await page.evaluate(() => window.moved)) < 0.02);
  });

  inPage('older and newer events are a key away, and each has its JSON', {}, async (page) => {
    const issue = await named('PaymentDeclined');
    const { body: all } = await vedette.api(`${ISSUES}${issue.id}/events/`);
    await page.goto(`${ISSUES}${issue.id}/`);
    await page.locator(T('event-newer')).waitFor();
    assert.equal(await page.locator(T('event-newer')).isDisabled(), true);
    await page.keyboard.press('[');
    await page.waitForURL(new RegExp(`/events/${all[1].eventID}/`));
    await page.click(T('event-older'));
    await page.waitForURL(new RegExp(`/events/${all[2].eventID}/`));
    await page.locator(`${T('event-older')}:disabled`).waitFor();
    await page.keyboard.press(']');
    await page.waitForURL(new RegExp(`/events/${all[1].eventID}/`));
    const href = await page.getByRole('link', { name: 'Open the JSON of this event' }).getAttribute('href');
    const json = await (await page.context().request.get(href)).json();
    assert.equal(json.event_id, all[1].eventID);
  });

  inPage('tabs of an issue list its events and its tags', {}, async (page) => {
    const issue = await named('PaymentDeclined');
    await page.goto(`${ISSUES}${issue.id}/`);
    await page.getByRole('link', { name: /^Events/ }).click();
    await page.waitForURL(/\/events\//);
    await until(async () => (await page.locator('tbody tr').count()) === 3);
    await page.getByRole('link', { name: 'Tags', exact: true }).click();
    await page.waitForURL(/\/distributions\//);
    await text(page, 'payment.method');
  });

  inPage('people leave notes, assign, resolve and reopen', {}, async (page) => {
    const issue = await named('stock of A-17');
    await page.goto(`${ISSUES}${issue.id}/`);
    await page.fill(T('note'), 'Ask the warehouse.');
    await page.click(T('note-save'));
    await page.locator('#activity').getByText('Ask the warehouse.').waitFor();
    await page.click(T('bookmark'));
    await until(async () => (await vedette.api(`/issues/${issue.id}/`)).body.isBookmarked);
    await page.click(T('resolve'));
    await until(async () => (await vedette.api(`/issues/${issue.id}/`)).body.status === 'resolved');
    await page.goto(`${ISSUES}${issue.id}/`);
    await page.click(T('reopen'));
    await until(async () => (await vedette.api(`/issues/${issue.id}/`)).body.status === 'unresolved');
  });

  inPage('a project gets another key', {}, async (page) => {
    const path = `/settings/vedette/projects/${vedette.credentials.project}/keys/`;
    await page.goto(path);
    await text(page, vedette.credentials.dsn);
    await page.getByRole('textbox', { name: 'Name' }).fill('Warehouse');
    await page.click(T('save'));
    await page.getByRole('link', { name: 'Warehouse' }).waitFor();
    const { body: keys } = await vedette.api(`/projects/vedette/${vedette.credentials.project}/keys/`);
    await text(page, keys.find(({ name }) => name === 'Warehouse').dsn.public);
  });

  inPage('what a project filters and scrubs is set, tried, and holds for the next event', {}, async (page) => {
    const settings = `/settings/vedette/projects/${vedette.credentials.project}/`;
    const project = `/projects/vedette/${vedette.credentials.project}/`;
    const event = { message: 'a marmot', extra: { visitor: 'ada@marmot.example' } };
    const asStored = async (id) => {
      const answer = await vedette.api(`${project}events/${id}/json/`);
      return answer.status === 200 && answer.body;
    };
    const { id } = await vedette.store(event);
    await until(() => asStored(id));
    await page.goto(`${settings}security-and-privacy/`);
    await page.click(T('rule-add'));
    const rule = page.locator(T('rule'));
    await rule.getByLabel('Do this').selectOption('replace');
    await rule.getByLabel('with', { exact: true }).selectOption('email');
    await rule.getByLabel('found in').fill('extra.visitor');
    const preview = page.locator(T('preview'));
    await preview.getByText('ada@marmot.example').waitFor();
    assert.equal(await preview.locator('ins').first().innerText(), '[Filtered]');
    await page.locator(T('rules')).locator(T('save')).click();
    await page.locator(T('rules')).getByText('Saved').waitFor();
    const { id: second } = await vedette.store(event);
    assert.equal((await until(() => asStored(second))).extra.visitor, '[Filtered]');

    await page.goto(`${settings}filters/`);
    await page.getByLabel('Error messages').fill('*marmot*');
    await page.locator(T('custom')).locator(T('save')).click();
    await page.locator(T('custom')).getByText('Saved').waitFor();
    await page.click(T('filter-localhost'));
    await until(async () => (await vedette.api(`${project}filters/`)).body.find((filter) => filter.id === 'localhost').active);
    await vedette.store(event);
    await vedette.store({ message: 'at home', user: { ip_address: '127.0.0.1' } });
    const filtered = "select reason from outcome_hour where outcome = 1 order by reason";
    const reasons = ['error-message', 'localhost'];
    await until(async () => (await vedette.sql(filtered)).map(({ reason }) => reason).join() === reasons.join());
  });

  inPage('a project is made, and its page waits for its first event', {}, async (page) => {
    await page.goto('/organizations/vedette/projects/');
    await page.click(T('new-project'));
    await page.click(T('platform-go'));
    await page.fill(T('project-name'), 'Search engine');
    await page.click(T('create-project'));
    await page.waitForURL(/\/projects\/search-engine\/getting-started\//);
    await text(page, 'Waiting for the first event');
    await text(page, 'sentry-go');
  });

  inPage('a token is shown once and works', {}, async (page) => {
    await page.goto('/settings/account/api/auth-tokens/new-token/');
    await page.getByRole('textbox', { name: 'Name' }).fill('release script');
    assert.equal(await page.locator(T('save')).isDisabled(), true);
    await page.selectOption(T('scope-event'), 'read');
    await page.click(T('save'));
    const token = await page.locator(T('token')).innerText();
    assert.equal((await vedette.api('/', { token })).status, 200);
    await page.goto('/settings/account/api/auth-tokens/');
    await text(page, 'release script');
    assert.equal((await page.content()).includes(token), false);
  });

  inPage('the palette finds places, issues and searches', {}, async (page) => {
    const issue = await named('PaymentDeclined');
    await page.goto('/organizations/vedette/projects/');
    await page.locator(T(`project-${vedette.credentials.project}`)).waitFor();
    await page.keyboard.press('Control+k');
    await page.locator(T('palette')).waitFor();
    await page.keyboard.type(issue.shortId);
    await page.getByRole('option', { name: `Issue ${issue.shortId}` }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /PaymentDeclined/ }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL((url) => url.pathname === ISSUES);
  });

  inPage('the theme is switched, and kept', {}, async (page) => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.goto(ISSUES);
    await text(page, 'PaymentDeclined');
    assert.equal(await theme(), 'light');
    await page.click(T('theme'));
    assert.equal(await theme(), 'dark');
    await until(async () => {
      const { headers } = await vedette.browserSession;
      return (await vedette.api('/users/me/', { token: null, headers })).body.options.theme === 'dark';
    });
    await page.reload();
    await text(page, 'PaymentDeclined');
    assert.equal(await theme(), 'dark');
    await page.keyboard.press('t');
    assert.equal(await theme(), 'light');
  });

  inPage('a phone shows the list and an issue without scrolling sideways', { size: 'phone' }, async (page) => {
    const fits = () => page.evaluate(() => [document.documentElement, document.querySelector('main')].every((element) => element.scrollWidth <= element.clientWidth));
    await page.goto(ISSUES);
    await text(page, 'PaymentDeclined');
    assert.equal(await fits(), true);
    await page.locator(T('issue-link')).filter({ hasText: 'PaymentDeclined' }).first().click();
    await page.locator(T('event-bar')).waitFor();
    await settled(page);
    assert.equal(await fits(), true);
    await page.click(`${T('nav-projects')}:visible`);
    await page.locator(T(`project-${vedette.credentials.project}`)).waitFor();
    assert.equal(await fits(), true);
  });

  inPage('a session that ends opens the sign-in over the page, and the change goes on', {}, async (page) => {
    const { email, password } = vedette.credentials;
    page.expected.push(/status of 401/);
    const { headers } = await vedette.signIn();
    const own = headers.cookie.split('; ').map((pair) => ({ name: pair.split('=')[0], value: pair.split('=')[1], url: vedette.url }));
    await page.context().clearCookies();
    await page.context().addCookies(own);
    const issue = await named('case 0');
    await page.goto(`${ISSUES}${issue.id}/`);
    await page.locator(T('bookmark')).waitFor();
    await settled(page);
    await vedette.api('/auth/', { method: 'DELETE', token: null, headers });
    await page.click(T('bookmark'));
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    assert.equal(await page.inputValue(T('email')), email);
    await page.fill(T('password'), password);
    await page.keyboard.press('Enter');
    await until(async () => (await vedette.api(`/issues/${issue.id}/`)).body.isBookmarked);
  });

  inPage('while the API is down the page says so, and it recovers by itself', {}, async (page) => {
    page.expected.push(/status of 50[234]/);
    await page.goto(ISSUES);
    await text(page, 'PaymentDeclined');
    vedette.kill('api');
    await page.keyboard.press('r');
    await page.locator(T('outage')).waitFor();
    assert.match(await page.locator(T('outage')).innerText(), /\w{3,} \w+.*\./);
    await vedette.start('api');
    await page.locator(T('outage')).waitFor({ state: 'detached', timeout: 20_000 });
    await text(page, 'PaymentDeclined');
  });
});
