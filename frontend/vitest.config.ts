import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { alias } from './vite.config.ts';

/** Everything a lazy part may import: found late, it would make Vite bundle anew and load React twice in the middle of a test. */
const include = [
  'react',
  'react-dom',
  'react-dom/client',
  'react/jsx-dev-runtime',
  'react-aria-components',
  '@tanstack/react-query',
  '@tanstack/react-router',
  '@tanstack/react-virtual',
  '@testing-library/react',
  '@testing-library/user-event',
  'lucide-react',
  'lowlight',
  'uplot',
  'valibot',
];
const common = { plugins: [react()], resolve: { alias } };
const chromium = playwright({
  launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
});

/** A build machine may be busy; what is slow shall not look broken. */
const testTimeout = 30_000;

/** `x.test.ts` is logic and runs in Node; `x.test.tsx` is a component and runs in a real Chromium. */
export default defineConfig({
  test: {
    projects: [
      {
        ...common,
        test: {
          name: 'logic',
          testTimeout,
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        ...common,
        optimizeDeps: { include },
        test: {
          name: 'browser',
          testTimeout,
          include: ['src/**/*.test.tsx'],
          setupFiles: ['e2e/browser-setup.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: chromium,
            instances: [{ browser: 'chromium' }],
            viewport: { width: 1280, height: 800 },
          },
        },
      },
    ],
  },
});
