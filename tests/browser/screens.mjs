// Every screen as a picture, light and dark, on a desk and on a phone: build/screens/NAME.THEME.SIZE.png (make screens).
// With names as arguments only those are drawn anew.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, run, startInstance, until } from '../harness/instance.mjs';
import { launch, openPage, settled, SIZES, THEMES } from './browser.mjs';
import { fill, open, routes } from './routes.mjs';

const into = join(checkout, 'build/screens');
const wanted = process.argv.slice(2);
if (wanted.length === 0) rmSync(into, { recursive: true, force: true });
mkdirSync(into, { recursive: true });

const vedette = await startInstance();
const browser = await launch();

/** One page at a time in every look; a screen that cannot be drawn is named, and the others go on. */
async function picture(name, route, options) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  for (const size of Object.keys(SIZES)) {
    const page = await openPage(browser, vedette, { size, ...options });
    try {
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await open(page, route);
        await settled(page, 700);
        await page.screenshot({ path: join(into, `${name}.${theme}.${size}.png`) });
      }
    } catch (error) {
      console.error(`${name} on a ${size}: ${error.message}`);
      process.exitCode = 1;
    }
    await page.context().close();
  }
}

await picture('sign-in', '/auth/login/', { signedIn: false });
await picture('first-run', '/onboarding/vedette/?platform=python');
await run(process.execPath, [join(checkout, 'docker/demo.mjs'), vedette.credentials.dsn, '6'], process.env);
const pages = routes(await fill(vedette));
await until(async () => (await vedette.api('/organizations/vedette/ingest-health/')).body.lagSeconds === 0, { seconds: 60 });
for (const [name, route] of Object.entries(pages)) await picture(name, route);

await browser.close();
await vedette.stop();
