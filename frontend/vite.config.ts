import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** React Aria carries its own strings in 30 languages; keep those of the languages we ship. */
const shippedLocales = /(en-US)/;
const localeFile = /[\\/]intl[\\/].*[\\/]?[a-z]{2}-[A-Z]{2}\.mjs$/;
const trimLocales: Plugin = {
  name: 'trim-react-aria-locales',
  enforce: 'pre',
  load(id) {
    const foreign = localeFile.test(id) && /react-(aria|stately)/.test(id) && !shippedLocales.test(id);
    return foreign ? 'export default {}' : undefined;
  },
};

/** The Latin fonts are on every page: asked for with the page itself, they are there before the first text moves. */
const preloadFonts: Plugin = {
  name: 'preload-latin-fonts',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => /-latin-wght-normal-.*\.woff2$/.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: '' },
          injectTo: 'head',
        })),
  },
};

/** Small parts that pages share: one file instead of dozens. Parts that bring a library along, and form fields, stay apart. */
const sharedFolders = /[\\/](?:src[\\/](?:lib|api|design|ui|charts)|lucide-react)[\\/]/;
const apart =
  /[\\/](?:ui[\\/](?:Checkbox|Menu|Popover|Picker|Dialog|Confirm|Toast|code|Table|Select|Switch|Text|Form|Platform|buttonLink)|charts[\\/](?:Time|plot|theme))/;
const sharedKit = (id: string): boolean => sharedFolders.test(id) && !apart.test(id);
/** The fields of forms, and what the pages of the settings share. */
const fields = /[\\/]src[\\/]ui[\\/](?:Text|Select|Form)/;
const settings = /[\\/]features[\\/]settings[\\/](?:parts|useSave)/;

export const alias = { '@': fileURLToPath(new URL('./src', import.meta.url)) };

export default defineConfig({
  plugins: [trimLocales, preloadFonts, react()],
  resolve: { alias },
  server: {
    proxy: { '/api/0': { target: process.env.VEDETTE_URL ?? 'http://127.0.0.1:8900', changeOrigin: true } },
  },
  build: {
    target: 'baseline-widely-available',
    manifest: true,
    // Made on demand only, so that they are never served by accident.
    sourcemap: process.env.SOURCEMAPS ? 'hidden' : false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 30 },
            {
              name: 'tanstack',
              test: /node_modules[\\/]@tanstack[\\/](react-router|router-core|history|react-query|query-core|react-store|store)/,
              priority: 25,
            },
            // What the first page needs in any case travels as one file; what pages share, in few.
            {
              name: 'shell',
              test: /[\\/](?:src[\\/](?!main\.tsx)|lucide-react[\\/]|valibot[\\/])/,
              tags: ['$initial'],
              priority: 20,
            },
            { name: 'kit', test: sharedKit, minShareCount: 2, priority: 10 },
            { name: 'fields', test: fields, minShareCount: 2, priority: 10 },
            { name: 'settings', test: settings, minShareCount: 2, priority: 5 },
          ],
        },
      },
    },
  },
});
