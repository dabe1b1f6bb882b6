// Chromium for the tests: pages that notice everything that must not happen in them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { until } from '../harness/instance.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

export const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
export const THEMES = ['light', 'dark'];

export const launch = () =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'] });

export const T = (id) => `[data-test-id="${id}"]`;

/**
 * A page of its own browser session.  `signedIn` gives it a session; `calm()` fails when a policy was violated, anything
 * but plain words was written to the console, or another origin was asked.  What a test provokes, it expects:
 * `page.expected.push(/status of 503/)`.
 */
export async function openPage(browser, vedette, { signedIn = true, size = 'desktop', theme = 'light' } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: theme, reducedMotion: 'reduce', baseURL: vedette.url });
  if (signedIn) await context.addCookies(await sessionOf(vedette));
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.expected = [];
  page.noticed = [];
  page.pending = new Set();
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.noticed.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => page.noticed.push(`exception: ${error.message}`));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => page.pending.delete(request));
  page.on('framenavigated', (frame) => frame === page.mainFrame() && page.pending.clear());
  page.on('request', (request) => {
    page.pending.add(request);
    const { origin, protocol } = new URL(request.url());
    if (origin !== vedette.url && protocol.startsWith('http')) page.noticed.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)),
  );
  page.calm = () => assert.deepEqual(page.noticed.filter((line) => !page.expected.some((pattern) => pattern.test(line))), []);
  return page;
}

/** One sign-in for all pages of a test: their sessions do not differ in anything a page shows. */
async function sessionOf(vedette) {
  vedette.browserSession ??= vedette.signIn();
  const { headers } = await vedette.browserSession;
  return headers.cookie.split('; ').map((pair) => {
    const [name, value] = pair.split('=');
    return { name, value, url: vedette.url };
  });
}

/** What axe finds on a page by the rules of WCAG 2.0 to 2.2, levels A and AA, in one line each. */
export async function findings(page) {
  if (!(await page.evaluate(() => 'axe' in window))) {
    const session = await page.context().newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axe }); // the page's policy allows no eval
    await session.detach();
  }
  const found = await page.evaluate(
    (rules) => window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(({ violations }) => violations),
    RULES,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.split('\n').at(-1).trim()}`));
}

/** Waits until the page has asked for nothing for so many milliseconds, and what came is painted. */
export async function settled(page, quiet = 0) {
  let since = Date.now();
  await until(
    async () => {
      await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))));
      if (page.pending.size > 0) since = Date.now();
      return Date.now() - since >= quiet && page.pending.size === 0;
    },
    { seconds: 20, what: 'the end of what the page asks for' },
  );
}
