import type { EventDetail } from './event.ts';

/** An event as the API answers it, small but with every part that a page shows. */
export const event = (changes: Partial<EventDetail> = {}): EventDetail => ({
  id: '9f3c1e7a4b5d4c6e8f70112233445566',
  eventID: '9f3c1e7a4b5d4c6e8f70112233445566',
  groupID: '7',
  projectID: '1',
  title: "TypeError: Cannot read properties of undefined (reading 'total')",
  message: '',
  platform: 'javascript',
  type: 'error',
  dateCreated: '2026-11-20T14:32:08.114000Z',
  dateReceived: '2026-11-20T14:32:08.902000Z',
  culprit: 'OrderSummary(app/checkout/summary)',
  size: 4096,
  user: { id: '91', email: 'mira@example.com', data: { plan: 'gold' } },
  tags: [
    { key: 'browser', value: 'Safari 18.1' },
    { key: 'environment', value: 'production' },
  ],
  contexts: {
    browser: { name: 'Safari', version: '18.1', type: 'browser' },
    device: { model: 'iPhone15,2', memory_size: 6_442_450_944, type: 'device' },
  },
  context: {},
  entries: [
    {
      type: 'exception',
      data: {
        values: [
          {
            type: 'TypeError',
            value: "Cannot read properties of undefined (reading 'total')",
            mechanism: { type: 'onerror', handled: false },
            stacktrace: {
              frames: [
                { function: 'commit', filename: 'node_modules/router/index.js', lineNo: 210, inApp: false },
                {
                  function: 'OrderSummary',
                  filename: 'app/checkout/summary.tsx',
                  lineNo: 49,
                  colNo: 21,
                  inApp: true,
                  context: [
                    [48, '}));'],
                    [49, 'const due = cart.summary.total - (cart.discount ?? 0);'],
                    [50, 'return due;'],
                  ],
                  vars: { cart: { id: 'c_91', items: [1, 2, 3] }, token: '[Filtered]' },
                },
              ],
            },
          },
        ],
      },
    },
    {
      type: 'breadcrumbs',
      data: {
        values: [
          {
            type: 'default',
            category: 'ui.click',
            message: 'button[data-test=pay]',
            timestamp: '2026-11-20T14:32:07.114Z',
          },
          {
            type: 'http',
            category: 'fetch',
            data: { method: 'GET', url: '/api/rates/eur', status_code: 502 },
            timestamp: '2026-11-20T14:32:08.000Z',
          },
        ],
      },
    },
    {
      type: 'request',
      data: {
        method: 'GET',
        url: 'https://shop.test/checkout',
        query: [['step', '2']],
        headers: [['User-Agent', 'Safari']],
        cookies: [],
      },
    },
  ],
  sdk: { name: 'sentry.javascript.browser', version: '11.0.0' },
  release: { version: 'web@2.14.2', shortVersion: '2.14.2' },
  dist: null,
  errors: [],
  metadata: { type: 'TypeError', value: "Cannot read properties of undefined (reading 'total')" },
  packages: {},
  _meta: {},
  fingerprints: ['fbe908cc63d63ea9763fd84cb6bad177'],
  nextEventID: null,
  previousEventID: '11111111111111111111111111111111',
  ...changes,
});
