// Pages that are not ours, of another origin: the loader script brings the SDK and loses no error that comes before it;
// the crash-report dialog works in a page whose policy allows next to nothing.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { eventId, startInstance, until } from '../harness/instance.mjs';
import { findings, launch, THEMES } from './browser.mjs';

const NONCE = 'bm9uY2U';

describe('a page of another origin', () => {
  let vedette;
  let browser;
  let site;
  before(async () => {
    vedette = await startInstance();
    browser = await launch();
    // What is in the page its address says: ?key=…&before=…&attributes=…&script=…
    site = createServer((request, response) => {
      const asked = new URL(request.url, 'http://page').searchParams;
      const policy = `default-src 'none'; script-src ${vedette.url} 'nonce-${NONCE}'; connect-src ${vedette.url}`;
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-security-policy', policy);
      response.end(`<!doctype html><html lang="en"><head><title>Shop</title>
        <script nonce="${NONCE}">${asked.get('before') ?? ''}</script>
        <script nonce="${NONCE}" src="${vedette.url}/js-sdk-loader/${asked.get('key')}.min.js" crossorigin="anonymous"
          ${asked.get('attributes') ?? ''}></script>
        <script nonce="${NONCE}">${asked.get('script') ?? ''}</script></head><body><main><h1>Shop</h1></main></body></html>`);
    });
    await new Promise((listening) => site.listen(0, '127.0.0.1', listening));
  });
  after(async () => {
    site?.close();
    await browser?.close();
    await vedette?.stop();
  });

  /** Opens such a page; `asked` are the addresses below our own host that it asked for, `noticed` what went wrong. */
  async function open(parameters) {
    const page = await browser.newPage();
    page.setDefaultTimeout(15_000);
    page.asked = [];
    page.noticed = [];
    page.on('console', (message) => message.type() === 'error' && page.noticed.push(message.text()));
    page.on('request', (request) => request.url().startsWith(vedette.url) && page.asked.push(new URL(request.url()).pathname));
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)),
    );
    const query = new URLSearchParams({ key: vedette.key, ...parameters });
    await page.goto(`http://127.0.0.1:${site.address().port}/?${query}`);
    return page;
  }

  const organization = 'vedette';
  const eventsOf = async (title) => {
    const { body } = await vedette.api(`/organizations/${organization}/issues/?query=${encodeURIComponent(title)}`);
    const [issue] = body;
    if (!issue) return [];
    return (await vedette.api(`/organizations/${organization}/issues/${issue.id}/events/?full=true`)).body;
  };
  const oneEvent = (title) => until(async () => (await eventsOf(title))[0], { seconds: 20, what: `that ${title} is stored` });
  const bundles = (page) => page.asked.filter((path) => path.startsWith('/js-sdk/'));
  const keyWith = async (options) => {
    const path = `/projects/${organization}/${vedette.credentials.project}/keys/`;
    const { body } = await vedette.api(path, { method: 'POST', body: { name: 'page', dynamicSdkLoaderOptions: options } });
    return body.id;
  };

  test('an error before the SDK is there arrives, and only then the SDK is fetched', async () => {
    const title = `early ${eventId()}`;
    const page = await open({});
    await page.waitForLoadState('networkidle');
    assert.deepEqual(bundles(page), []);
    await page.evaluate(
      (words) =>
        setTimeout(() => {
          throw new TypeError(words);
        }),
      title,
    );
    const event = await oneEvent(title);
    assert.equal(event.title, `TypeError: ${title}`);
    assert.equal(bundles(page).length, 1);
    const exception = event.entries.find(({ type }) => type === 'exception').data.values[0];
    assert.deepEqual([exception.mechanism.handled, exception.mechanism.type], [false, 'auto.browser.global_handlers.onerror']);
    assert.deepEqual(page.noticed.filter((line) => /policy/.test(line)), []);
    await page.close();
  });

  test('a rejection nobody handles, and calls that came before', async () => {
    const title = `rejected ${eventId()}`;
    const said = `said ${eventId()}`;
    const script = `Sentry.setTag('shop', 'tea'); Sentry.captureMessage('${said}'); Promise.reject(new Error('${title}'));`;
    const page = await open({ script });
    for (const words of [title, said]) {
      const event = await oneEvent(words);
      assert.ok(event.tags.some(({ key, value }) => key === 'shop' && value === 'tea') || words === title, words);
    }
    await page.close();
  });

  test('the page sets it up itself, once the SDK is there', async () => {
    const title = `own ${eventId()}`;
    const before = `window.sentryOnLoad = () => Sentry.init({ release: 'shop@1.2.3', environment: 'test' });`;
    const script = `Sentry.onLoad(() => Sentry.captureException(new Error('${title}')));`;
    const page = await open({ before, script, attributes: 'data-lazy="no"' });
    const event = await oneEvent(title);
    assert.equal(event.release?.version ?? event.tags.find(({ key }) => key === 'release').value, 'shop@1.2.3');
    assert.ok(event.tags.some(({ key, value }) => key === 'environment' && value === 'test'));
    await page.close();
  });

  test('performance and replay are there with the page', async () => {
    const page = await open({ key: await keyWith({ hasPerformance: true, hasReplay: true }) });
    await page.waitForFunction(() => window.Sentry.getClient?.());
    assert.match(bundles(page)[0], /\/bundle\.tracing\.replay\.min\.js$/);
    const names = await page.evaluate(() =>
      ['BrowserTracing', 'Replay'].filter((name) => window.Sentry.getClient().getIntegrationByName(name)),
    );
    assert.deepEqual(names, ['BrowserTracing', 'Replay']);
    await page.close();
  });

  describe('the crash-report dialog', () => {
    const showDialog = async (options = {}) => {
      const page = await open({ attributes: 'data-lazy="no"' });
      await page.waitForFunction(() => window.Sentry.getClient?.());
      const id = eventId();
      await page.evaluate(
        (all) => window.Sentry.showReportDialog({ ...all, onClose: () => Object.assign(window, { dialogClosed: true }) }),
        { eventId: id, user: { name: 'Ada', email: 'ada@example.com' }, ...options },
      );
      await page.getByRole('dialog').waitFor();
      return { page, id };
    };

    test('is accessible, says what it is told, and keeps to the policy', async () => {
      const { page } = await showDialog({ title: 'Oh <b>no</b>', labelSubmit: 'Tell us' });
      await page.getByRole('heading', { name: 'Oh <b>no</b>' }).waitFor();
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await findings(page), [], colorScheme);
      }
      assert.deepEqual(page.noticed, []);
      await page.close();
    });

    test('sends what is written, once nothing is wrong with it', async () => {
      const { page, id } = await showDialog();
      const words = `I wanted tea ${eventId()}`;
      assert.equal(await page.getByLabel('Name').inputValue(), 'Ada');
      await page.getByLabel('E-mail').fill('ada');
      await page.getByLabel('What happened?').fill(words);
      await page.getByRole('button', { name: 'Send report' }).click();
      await page.getByText('Enter a valid email address.').waitFor();
      assert.equal(await page.getByLabel('E-mail').getAttribute('aria-invalid'), 'true');
      assert.equal(vedette.isKept(words), false);
      await page.getByLabel('E-mail').fill('ada@example.com');
      await page.getByRole('button', { name: 'Send report' }).click();
      await page.getByText('Thank you').waitFor();
      assert.ok(vedette.isKept(`{"event_id":"${id}","name":"Ada","email":"ada@example.com","comments":"${words}"}`));
      await page.getByRole('button', { name: 'Close' }).click();
      await page.waitForFunction(() => window.dialogClosed);
      assert.equal(await page.getByRole('dialog').count(), 0);
      await page.close();
    });
  });
});
