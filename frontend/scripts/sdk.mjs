/**
 * Bundles Sentry's browser SDK for the loader script into dist/js-sdk/, under the names of Sentry's own CDN:
 * bundle[.tracing][.replay][.feedback][.debug].min.js.  Each is one script that makes window.Sentry.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const outDir = fileURLToPath(new URL('../dist/js-sdk/', import.meta.url));

/** The SDK's licence asks that its notice goes wherever the SDK goes. */
const licence = fileURLToPath(new URL('../node_modules/@sentry/browser/LICENSE', import.meta.url));
const [notice] = /^Copyright.*$/m.exec(readFileSync(licence, 'utf8'));

/** What a bundle leaves out unless its name says otherwise: it is most of the SDK's weight. */
const optional = {
  tracing:
    /^(browserTracing|webVitals|elementTiming|interactions|userTiming|fetchStreamPerformance|bfcacheMetrics)\w*$|BrowserTracing|OutgoingRequest|RouteProvider|^(reportPageLoaded|setActiveSpanInBrowser|resolve(Current)?Route|getAbsoluteUrl)$/,
  replay: /^(replay\w*|getReplay)$/,
  feedback: /^(feedback\w*|getFeedback|sendFeedback)$/,
};
/** What needs more than a script tag to be of use: other libraries, workers, response headers of the page. */
const never =
  /^(default|__esModule|lazyLoadIntegration|makeBrowserOfflineTransport|uiProfiler)$|Profiling|WebWorker|webWorker|spotlight|[Ss]upabase|graphql|growthbook|[Ll]aunchDarkly|[Oo]penFeature|statsig|unleash|zodErrors|Consola/;

const everything = Object.keys(await import('@sentry/browser'));
const isWanted = (name, parts) =>
  !never.test(name) && Object.entries(optional).every(([part, names]) => parts.includes(part) || !names.test(name));

/** There is no file of this name: it is what is exported. */
const entry = fileURLToPath(new URL('browser-sdk.js', import.meta.url));
const exportsOf = (names) => ({
  name: 'browser-sdk',
  enforce: 'pre',
  resolveId: (id) => (id === entry ? id : undefined),
  load: (id) => (id === entry ? `export { ${names.join(', ')} } from '@sentry/browser';` : undefined),
});

async function bundle(parts, debug) {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { __SENTRY_DEBUG__: String(debug) },
    mode: debug ? 'development' : 'production',
    resolve: { conditions: [debug ? 'development' : 'production', 'module', 'browser', 'default'] },
    plugins: [exportsOf(everything.filter((name) => isWanted(name, parts)))],
    build: {
      outDir,
      emptyOutDir: false,
      reportCompressedSize: false,
      target: 'es2020',
      minify: true,
      rolldownOptions: { output: { postBanner: `/*! ${notice}. MIT licence: LICENSE.txt */` } },
      lib: {
        entry,
        name: 'Sentry',
        formats: ['iife'],
        fileName: () => `${['bundle', ...parts, ...(debug ? ['debug'] : []), 'min'].join('.')}.js`,
      },
    },
  });
}

const choices = Object.keys(optional).reduce((sets, part) => sets.flatMap((set) => [set, [...set, part]]), [[]]);
for (const parts of choices) for (const debug of [false, true]) await bundle(parts, debug);
copyFileSync(licence, `${outDir}LICENSE.txt`);
console.log(`sdk: ${choices.length * 2} bundles`);
