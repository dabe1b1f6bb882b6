// Every page, in both themes, on a desk and on a phone: accessible by WCAG 2.2 AA, no wider than the screen, and calm.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startInstance } from '../harness/instance.mjs';
import { findings, launch, openPage, settled, SIZES, THEMES } from './browser.mjs';
import { fill, open, routes } from './routes.mjs';

/** Their names alone, for the tests to be told apart before there is an instance. */
const NAMES = Object.keys(routes({}));

describe('every page', () => {
  let vedette;
  let browser;
  let pages;
  before(async () => {
    vedette = await startInstance();
    browser = await launch();
    pages = routes(await fill(vedette));
  });
  after(async () => {
    await browser?.close();
    await vedette?.stop();
  });

  const isTooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

  async function judge(page, route) {
    for (const size of Object.keys(SIZES)) {
      await page.setViewportSize(SIZES[size]);
      // A page follows the size of its window; what stands over one is opened anew.
      if (size === 'desktop' || typeof route === 'function') await open(page, route);
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme });
        await settled(page);
        assert.deepEqual(await findings(page), [], `${theme}, ${size}`);
      }
      assert.equal(await isTooWide(page), false, `wider than a ${size}`);
    }
    page.calm();
  }

  test('a fault would be found', async () => {
    const page = await openPage(browser, vedette, { signedIn: false });
    await open(page, '/auth/login/');
    await page.evaluate(() => {
      document.querySelector('main').append(document.createElement('img'));
      document.querySelector('h1').style.color = getComputedStyle(document.body).backgroundColor;
    });
    const rules = (await findings(page)).map((line) => line.split(':')[0]);
    assert.deepEqual(rules.sort(), ['color-contrast', 'image-alt']);
    await page.context().close();
  });

  test('the sign-in', async () => {
    const page = await openPage(browser, vedette, { signedIn: false });
    await open(page, '/auth/login/'); // again with the cookie that the first visit has left
    await judge(page, '/auth/login/');
    await page.context().close();
  });

  // Two at a time: while one page is being looked through, the other loads.
  describe('of somebody signed in', { concurrency: 2 }, () => {
    for (const name of NAMES) {
      test(name, async () => {
        const page = await openPage(browser, vedette);
        await judge(page, pages[name]);
        await page.context().close();
      });
    }
  });
});
