// Real SDKs, each with nothing but the DSN: an exception that nobody catches must stand in the issue list within one
// second of the SDK's flush, as a person would want to read it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { startInstance, until } from '../harness/instance.mjs';

const apps = join(dirname(fileURLToPath(import.meta.url)), 'apps');
const VISIBLE_MS = 1000;

/** Runs a program to its end; resolves to what it wrote and when the SDK let it go (ms since 1970). */
function runApp(command, args, dsn) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: apps, env: { ...process.env, SENTRY_DSN: dsn } });
    let text = '';
    child.stderr.on('data', (bytes) => (text += bytes));
    child.on('error', fail);
    child.on('close', (status) => done({ status, text, left: Date.now() }));
  });
}

/** Waits for the issue whose title begins so, and says how long after `left` it was seen. */
async function issueOf(vedette, title, left) {
  const issue = await until(
    async () => (await vedette.api('/organizations/vedette/issues/')).body.find((each) => each.title.startsWith(title)),
    { seconds: 10, every: 20, what: `the issue "${title}"` },
  );
  return { issue, waited: Date.now() - left };
}

async function eventOf(vedette, issue) {
  const { body } = await vedette.api(`/organizations/vedette/issues/${issue.id}/events/latest/`);
  const frames = body.entries.find((entry) => entry.type === 'exception').data.values.at(-1).stacktrace.frames;
  const tags = Object.fromEntries(body.tags.map(({ key, value }) => [key, value]));
  return { event: body, frames, last: frames.filter((frame) => frame.inApp).at(-1), tags };
}

describe('real SDKs', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  test('an unhandled exception in a Node program', async () => {
    const { status, text, left } = await runApp(process.execPath, ['shop.mjs'], vedette.credentials.dsn);
    assert.notEqual(status, 0, text);
    const { issue, waited } = await issueOf(vedette, 'TypeError: Cannot read properties of undefined', left);
    const { event, last, tags } = await eventOf(vedette, issue);
    assert.equal(issue.title, "TypeError: Cannot read properties of undefined (reading 'discount')");
    assert.match(issue.culprit, /^priceOf\(/);
    assert.equal(last.function, 'priceOf');
    assert.match(last.filename ?? last.absPath, /shop\.mjs$/);
    const line = last.context.find(([number]) => number === last.lineNo);
    assert.match(line[1], /item\.offer\.discount/, 'source context');
    assert.equal(tags.region, 'eu-west');
    assert.equal(tags.environment, 'staging');
    assert.equal(tags.release, 'shop@1.4.2');
    assert.equal(event.user.id, '42');
    assert.equal(event.user.email, 'ada@shop.example');
    assert.equal(issue.userCount, 1);
    assert.equal(issue.isUnhandled, true);
    assert.ok(waited <= VISIBLE_MS, `${waited} ms until it was in the list`);
  });

  test('an unhandled exception in a Python program', async () => {
    const { status, text, left } = await runApp('/usr/bin/python3', ['planner.py'], vedette.credentials.dsn);
    assert.notEqual(status, 0, text);
    const { issue, waited } = await issueOf(vedette, 'ZeroDivisionError', left);
    const { event, frames, last, tags } = await eventOf(vedette, issue);
    assert.equal(issue.title, 'ZeroDivisionError: division by zero');
    assert.match(issue.culprit, /in hours_left$/);
    assert.equal(last.function, 'hours_left');
    assert.deepEqual(frames.map((frame) => frame.function), ['<module>', 'main', 'hours_left']);
    const line = last.context.find(([number]) => number === last.lineNo);
    assert.match(line[1], /return total \/ plan\["people"\]/);
    assert.equal(last.vars.total, '40', 'local variables');
    assert.equal(tags.region, 'eu-west');
    assert.equal(event.user.username, 'grace');
    assert.ok(waited <= VISIBLE_MS, `${waited} ms until it was in the list`);
  });

  describe('a page of another origin in Chromium', () => {
    let browser;
    let site;
    before(async () => {
      const bundled = await build({ entryPoints: [join(apps, 'page.mjs')], bundle: true, write: false, format: 'iife' });
      const files = {
        '/': `<!doctype html><title>Page</title><script>window.SENTRY_DSN = ${JSON.stringify(vedette.credentials.dsn)}</script>
<script src="/sdk.js"></script><script src="/app.js"></script><button onclick="buy()">Buy</button>`,
        '/sdk.js': bundled.outputFiles[0].text,
        '/app.js': 'function pay(order) {\n  return order.total.toFixed(2);\n}\nfunction buy() {\n  pay({});\n}\n',
      };
      site = createServer((request, answer) => {
        answer.setHeader('content-type', request.url.endsWith('.js') ? 'text/javascript' : 'text/html');
        answer.end(files[request.url] ?? '');
      });
      await new Promise((done) => site.listen(0, '127.0.0.1', done));
      browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'] });
    });
    after(async () => {
      await browser?.close();
      site?.close();
    });

    test('an exception in a click handler', async () => {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${site.address().port}/`);
      await page.click('button');
      const left = await page.evaluate(() => window.flushSentry());
      const { issue, waited } = await issueOf(vedette, "TypeError: Cannot read properties of undefined (reading 'toFixed')", left);
      const { event, last, tags } = await eventOf(vedette, issue);
      assert.match(issue.culprit, /^pay\(/);
      assert.equal(last.function, 'pay');
      assert.match(last.absPath, /\/app\.js$/);
      assert.equal(last.lineNo, 2);
      assert.equal(last.colNo, 22);
      assert.equal(tags.region, 'eu-west');
      assert.equal(event.user.id, '99');
      assert.ok(waited <= VISIBLE_MS, `${waited} ms until it was in the list`);
    });
  });
});
