import { example, npm, type Platform } from './platform.ts';

const options = (dsn: string, indent = ''): string =>
  [`dsn: '${dsn}',`, `release: '${example.release}',`, `environment: '${example.environment}',`]
    .map((line) => `${indent}  ${line}`)
    .join('\n');

const fails = {
  language: 'javascript',
  code: "setTimeout(() => {\n  throw new Error('The first event of this page');\n});",
};

export const javascript: Platform = {
  id: 'javascript',
  name: 'JavaScript',
  words: 'browser web js typescript vanilla',
  install: npm('@sentry/browser'),
  configure: ({ text }) => ({
    file: 'main.js',
    language: 'javascript',
    code: `import * as Sentry from '@sentry/browser';\n\n// As early as possible, before the rest of your code runs\nSentry.init({\n${options(text)}\n});`,
  }),
  verify: () => fails,
};

export const react: Platform = {
  id: 'javascript-react',
  name: 'React',
  words: 'browser web js jsx tsx',
  install: npm('@sentry/react'),
  configure: ({ text }) => ({
    file: 'main.jsx',
    language: 'javascript',
    code: `import * as Sentry from '@sentry/react';
import { createRoot } from 'react-dom/client';
import { App } from './App';

Sentry.init({
${options(text)}
});

createRoot(document.getElementById('root'), {
  onUncaughtError: Sentry.reactErrorHandler(),
  onCaughtError: Sentry.reactErrorHandler(),
  onRecoverableError: Sentry.reactErrorHandler(),
}).render(<App />);`,
  }),
  verify: () => ({
    file: 'App.jsx',
    language: 'javascript',
    code: `<button
  onClick={() => {
    throw new Error('The first event of this app');
  }}
>
  Break it
</button>`,
  }),
};

export const vue: Platform = {
  id: 'javascript-vue',
  name: 'Vue',
  words: 'browser web js nuxt',
  install: npm('@sentry/vue'),
  configure: ({ text }) => ({
    file: 'main.js',
    language: 'javascript',
    code: `import * as Sentry from '@sentry/vue';
import { createApp } from 'vue';
import App from './App.vue';

const app = createApp(App);
Sentry.init({
  app,
${options(text)}
});
app.mount('#app');`,
  }),
  verify: () => fails,
};

const instrument = (dsn: string) => ({
  file: 'instrument.mjs',
  language: 'javascript',
  code: `import * as Sentry from '@sentry/node';\n\nSentry.init({\n${options(dsn)}\n});`,
});

export const node: Platform = {
  id: 'node',
  name: 'Node.js',
  words: 'server backend js typescript',
  install: npm('@sentry/node'),
  configure: ({ text }) => instrument(text),
  verify: () => ({
    file: 'app.mjs — start it with: node --import ./instrument.mjs app.mjs',
    language: 'javascript',
    code: "setTimeout(() => {\n  throw new Error('The first event of this service');\n});",
  }),
};

export const express: Platform = {
  id: 'node-express',
  name: 'Express',
  words: 'node server backend js typescript',
  install: npm('@sentry/node'),
  configure: ({ text }) => instrument(text),
  verify: () => ({
    file: 'app.mjs — start it with: node --import ./instrument.mjs app.mjs',
    language: 'javascript',
    code: `import * as Sentry from '@sentry/node';
import express from 'express';

const app = express();
app.get('/break', () => {
  throw new Error('The first event of this service');
});

// After your routes, before your own error handlers
Sentry.setupExpressErrorHandler(app);
app.listen(3000);`,
  }),
};
