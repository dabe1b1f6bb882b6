import type { Dsn } from './dsn.ts';

const id = (): string => crypto.randomUUID().replaceAll('-', '');

const source = [
  'export function charge(order) {',
  '  const card = order.customer.card;',
  '  if (card.expired) {',
  "    throw new CardExpired('The card of this order has expired');",
  '  }',
  '  return gateway.charge(card, order.total);',
  '}',
];
const LINE = 4;

const frames = () => [
  { function: 'onClick', filename: 'node_modules/toolkit/button.js', lineno: 41, colno: 5, in_app: false },
  { function: 'checkout', filename: 'app/checkout.js', lineno: 27, colno: 3, in_app: true, vars: { step: 'payment' } },
  {
    function: 'charge',
    filename: 'app/payment.js',
    lineno: LINE,
    colno: 11,
    in_app: true,
    pre_context: source.slice(0, LINE - 1),
    context_line: source[LINE - 1],
    post_context: source.slice(LINE),
    vars: { order: { id: 'o_17', total: 49.9 }, card: { brand: 'visa', expired: true } },
  },
];

/** An event that shows every part of an issue page, and says that it is only an example. */
export const sampleEvent = (eventId: string, now = Date.now()) => {
  const ago = (seconds: number) => now / 1000 - seconds;
  return {
    event_id: eventId,
    timestamp: now / 1000,
    platform: 'javascript',
    level: 'error',
    environment: 'sample',
    release: 'sample@1.0.0',
    transaction: '/checkout',
    fingerprint: ['sample-event'],
    tags: { sample: 'yes' },
    user: { id: 'sample', username: 'sample-visitor' },
    exception: {
      values: [
        {
          type: 'CardExpired',
          value: 'The card of this order has expired (this is a sample event)',
          mechanism: { type: 'onclick', handled: false },
          stacktrace: { frames: frames() },
        },
      ],
    },
    breadcrumbs: {
      values: [
        { type: 'navigation', category: 'navigation', data: { from: '/cart', to: '/checkout' }, timestamp: ago(9) },
        {
          type: 'http',
          category: 'fetch',
          data: { method: 'GET', url: '/api/cart', status_code: 200 },
          timestamp: ago(8),
        },
        { category: 'ui.click', message: 'button#pay', timestamp: ago(0.2) },
      ],
    },
    request: { url: `${location.origin}/checkout`, headers: { 'User-Agent': navigator.userAgent } },
  };
};

const envelope = (): string => {
  const eventId = id();
  const item = JSON.stringify(sampleEvent(eventId));
  const header = { event_id: eventId, sent_at: new Date().toISOString() };
  return `${JSON.stringify(header)}\n${JSON.stringify({ type: 'event' })}\n${item}\n`;
};

/**
 * Sends one event the way an SDK does, to this very server: the page may talk to its own origin only, whatever host the
 * DSN names. Resolves to an explanation when it was not taken.
 */
export const sendSample = async (dsn: Dsn): Promise<string | undefined> => {
  const address = `/api/${dsn.project}/envelope/?sentry_version=7&sentry_key=${encodeURIComponent(dsn.key)}`;
  try {
    const response = await fetch(address, { method: 'POST', body: envelope(), credentials: 'omit' });
    if (response.ok) return undefined;
    const answer = (await response.json().catch(() => ({}))) as { detail?: string };
    return answer.detail ?? `HTTP ${response.status}`;
  } catch (error) {
    return (error as Error).message;
  }
};
