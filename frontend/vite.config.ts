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

export const alias = { '@': fileURLToPath(new URL('./src', import.meta.url)) };

export default defineConfig({
  plugins: [trimLocales, react()],
  resolve: { alias },
  server: {
    proxy: { '/api/0': { target: process.env.VEDETTE_URL ?? 'http://127.0.0.1:8900', changeOrigin: true } },
  },
  build: {
    target: 'baseline-widely-available',
    manifest: true,
    sourcemap: 'hidden',
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
          ],
        },
      },
    },
  },
});
