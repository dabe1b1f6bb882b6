// Events with all that a page can show, as SDKs of several platforms send them.  Names and people are made up.
const secondsAgo = (seconds) => Date.now() / 1000 - seconds;

const context = (before, line, after) => ({ pre_context: before, context_line: line, post_context: after });

const library = (filename, name, lineno) => ({ filename, abs_path: `/srv/venv/${filename}`, function: name, lineno, in_app: false });

const views = {
  filename: 'checkout/views.py',
  abs_path: '/srv/app/checkout/views.py',
  module: 'checkout.views',
  function: 'submit',
  lineno: 88,
  in_app: true,
  ...context(
    ['def submit(request, basket_id):', '    basket = Basket.objects.get(pk=basket_id)', '    if basket.is_empty():', "        return redirect('basket')", ''],
    '    receipt = pay(basket, request.user, method=request.POST["method"])',
    ['    basket.close(receipt)', '    send_receipt.delay(receipt.pk)', "    return render(request, 'checkout/thanks.html', {'receipt': receipt})"],
  ),
  vars: { basket_id: '90817', basket: '<Basket: 3 items, 84.50 EUR>', request: '<WSGIRequest: POST /checkout/90817/>' },
};

const charge = {
  filename: 'checkout/payment.py',
  abs_path: '/srv/app/checkout/payment.py',
  module: 'checkout.payment',
  function: 'charge_with_retry_and_backoff',
  lineno: 41,
  in_app: true,
  ...context(
    ['    for attempt in range(RETRIES):', '        try:', '            return gateway.charge(amount, token, timeout=TIMEOUT)', '        except GatewayTimeout as error:', '            last = error'],
    '    raise PaymentDeclined(f"no answer from {gateway.name} after {RETRIES} attempts") from last',
    ['', '', 'def refund(receipt):'],
  ),
  vars: {
    amount: "Decimal('84.50')",
    attempt: '2',
    gateway: { name: 'acme-pay', url: 'https://pay.example/v2', options: { retries: 3, currencies: ['EUR', 'CHF', 'USD'] } },
    token: '[Filtered]',
  },
};

const timeout = {
  type: 'GatewayTimeout',
  value: 'no answer within 3.0 s',
  module: 'acme.errors',
  mechanism: { type: 'chained', handled: true, exception_id: 1, parent_id: 0, source: '__cause__' },
  stacktrace: {
    frames: [
      charge,
      { ...library('acme/http.py', 'post', 210), ...context(['        try:'], '            answer = self.pool.urlopen("POST", url, body=body, timeout=timeout)', ['        except MaxRetryError as error:']) },
      library('urllib3/connectionpool.py', 'urlopen', 714),
    ],
  },
};

const declined = {
  type: 'PaymentDeclined',
  value: 'no answer from acme-pay after 3 attempts',
  module: 'checkout.errors',
  mechanism: { type: 'django', handled: false, exception_id: 0 },
  stacktrace: {
    frames: [library('django/core/handlers/exception.py', 'inner', 55), library('django/core/handlers/base.py', '_get_response', 197), views, charge],
  },
};

const crumbs = [
  { category: 'auth', message: 'Signed in as mira@example.com', level: 'info' },
  { category: 'query', message: 'SELECT * FROM basket_basket WHERE id = %s', level: 'info', data: { params: [90817] } },
  { type: 'http', category: 'httplib', level: 'info', data: { method: 'POST', url: 'https://pay.example/v2/charges', status_code: 504, reason: 'Gateway Timeout' } },
  { category: 'checkout.payment', message: 'attempt 1 failed, waiting 200 ms', level: 'warning' },
  { category: 'checkout.payment', message: 'attempt 2 failed, waiting 400 ms', level: 'warning' },
  { category: 'checkout.payment', message: 'gave up', level: 'error' },
];

/** A failure of a web shop in Python: two chained errors with source and variables, and everything around them. */
export const payment = (seconds = 30, visitor = 7) => ({
  platform: 'python',
  level: 'error',
  timestamp: secondsAgo(seconds),
  release: 'shop@2.4.1',
  environment: 'production',
  server_name: 'web-3',
  transaction: '/checkout/{basket_id}/',
  sdk: { name: 'sentry.python.django', version: '2.18.0' },
  user: { id: String(visitor), email: `visitor${visitor}@example.com`, username: `visitor${visitor}`, ip_address: `203.0.113.${visitor}` },
  tags: { 'payment.method': 'card', region: 'eu-west', url: 'https://shop.example/checkout/90817/' },
  exception: { values: [timeout, declined] },
  breadcrumbs: { values: crumbs.map((crumb, at) => ({ timestamp: secondsAgo(seconds + 20 - at * 3), ...crumb })) },
  request: {
    url: 'https://shop.example/checkout/90817/',
    method: 'POST',
    query_string: 'step=3&coupon=',
    headers: [['Host', 'shop.example'], ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'], ['Accept-Language', 'de-CH']],
    data: { method: 'card', accept: true, items: [{ sku: 'A-17', count: 2 }, { sku: 'B-4', count: 1 }] },
    env: { SERVER_NAME: 'web-3', SERVER_PORT: '8000' },
  },
  contexts: {
    runtime: { name: 'CPython', version: '3.11.2', type: 'runtime' },
    os: { name: 'Linux', version: '6.1.0', type: 'os' },
    browser: { name: 'Firefox', version: '140.0', type: 'browser' },
    trace: { trace_id: '771a43a4192642f0b136d5159a501700', span_id: '8c931f4740435fb8', op: 'http.server', type: 'trace' },
    basket: { items: 3, total: '84.50 EUR', coupons: [] },
  },
  extra: { feature_flags: ['new-checkout', 'fast-search'], queue: { waiting: 12, oldest_seconds: 4.2 } },
  modules: { django: '4.2.11', 'acme-pay': '1.9.0', urllib3: '2.2.1' },
});

/** A page's error in code as it was shipped: no source, one long line. */
export const minified = (seconds = 60, visitor = 12) => ({
  platform: 'javascript',
  level: 'error',
  timestamp: secondsAgo(seconds),
  release: 'web@7.0.3',
  environment: 'production',
  transaction: '/basket',
  sdk: { name: 'sentry.javascript.browser', version: '11.12.0' },
  user: { id: String(visitor), ip_address: '203.0.113.12' },
  request: { url: 'https://shop.example/basket', headers: { 'User-Agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1' } },
  exception: {
    values: [
      {
        type: 'TypeError',
        value: "undefined is not an object (evaluating 'e.items.map')",
        mechanism: { type: 'auto.browser.global_handlers.onerror', handled: false },
        stacktrace: {
          frames: [
            { filename: 'https://shop.example/assets/vendor-9f2c.js', function: 'Qe', lineno: 1, colno: 48213, in_app: true },
            { filename: 'https://shop.example/assets/app-1b7d.js', function: 't.render', lineno: 1, colno: 10422, in_app: true },
            { filename: 'https://shop.example/assets/app-1b7d.js', function: 'o', lineno: 1, colno: 10877, in_app: true },
          ],
        },
      },
    ],
  },
});

/** A message, as a logger sends it. */
export const warning = (seconds = 90) => ({
  platform: 'node',
  level: 'warning',
  timestamp: secondsAgo(seconds),
  logger: 'stock',
  environment: 'staging',
  server_name: 'worker-1',
  logentry: { message: 'stock of %s fell below %d', params: ['A-17', 5], formatted: 'stock of A-17 fell below 5' },
  tags: { warehouse: 'zrh' },
});

/** An error that ends the program, with threads. */
export const crash = (seconds = 120) => ({
  platform: 'java',
  level: 'fatal',
  timestamp: secondsAgo(seconds),
  release: 'ledger@1.0.9',
  environment: 'production',
  server_name: 'ledger-2',
  exception: {
    values: [
      {
        type: 'OutOfMemoryError',
        value: 'Java heap space',
        module: 'java.lang',
        thread_id: 31,
        mechanism: { type: 'UncaughtExceptionHandler', handled: false },
        stacktrace: {
          frames: [
            { module: 'java.lang.Thread', function: 'run', filename: 'Thread.java', lineno: 840, in_app: false },
            { module: 'com.example.ledger.Export', function: 'writeAll', filename: 'Export.java', lineno: 118, in_app: true },
            { module: 'com.example.ledger.Page', function: 'copyOf', filename: 'Page.java', lineno: 27, in_app: true },
          ],
        },
      },
    ],
  },
  threads: {
    values: [
      { id: 31, name: 'export-1', crashed: true, current: true },
      { id: 1, name: 'main', crashed: false, stacktrace: { frames: [{ module: 'java.lang.Object', function: 'wait', filename: 'Object.java', lineno: -2, in_app: false }, { module: 'com.example.ledger.Main', function: 'main', filename: 'Main.java', lineno: 44, in_app: true }] } },
    ],
  },
});
