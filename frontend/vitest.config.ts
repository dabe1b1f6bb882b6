import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { alias } from './vite.config.ts';

const common = { plugins: [react()], resolve: { alias } };
const chromium = playwright({
  launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
});

/** `x.test.ts` is logic and runs in Node; `x.test.tsx` is a component and runs in a real Chromium. */
export default defineConfig({
  test: {
    projects: [
      {
        ...common,
        test: { name: 'logic', environment: 'node', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'] },
      },
      {
        ...common,
        test: {
          name: 'browser',
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
