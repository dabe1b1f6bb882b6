/**
 * A stand-in for the API, for looking at pages while there is no server: Sentry-shaped answers made from a fixed seed.
 * The browser tests of the project run against the real server; nothing here proves how that behaves.
 */
const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);
const iso = (seconds) => new Date(seconds * 1000).toISOString();

const random = (seed) => {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
};

const projects = [
  ['1', 'checkout-api', 'python'],
  ['2', 'web', 'javascript'],
  ['3', 'billing', 'java'],
  ['4', 'search', 'go'],
  ['5', 'ios', 'apple-ios'],
].map(([id, slug, platform]) => ({
  id,
  slug,
  name: slug,
  platform,
  dateCreated: '2026-02-01T10:00:00Z',
  firstEvent: '2026-02-01T11:00:00Z',
  isMember: true,
  team: { id: '1', slug: 'backend', name: 'backend' },
  teams: [{ id: '1', slug: 'backend', name: 'backend' }],
}));

const users = [
  ['1', 'Mira Lind', 'mira@acme.example'],
  ['2', 'Jonas Okafor', 'jonas@acme.example'],
  ['3', 'Aiko Tanaka', 'aiko@acme.example'],
].map(([id, name, email]) => ({ id, name, username: email, email, isSuperuser: id === '1', options: {} }));

const titles = [
  [
    'TypeError',
    "Cannot read properties of undefined (reading 'total')",
    'app/checkout/summary.tsx in OrderSummary',
    'error',
    'new',
  ],
  [
    'IntegrityError',
    'duplicate key value violates unique constraint "orders_pkey"',
    'orders.tasks.capture_payment',
    'error',
    'regressed',
  ],
  [
    'TimeoutError',
    'Gateway did not answer within 8000 ms (stripe.charges.create)',
    'payments/gateway.py in charge',
    'error',
    'ongoing',
  ],
  ['OutOfMemoryError', 'Java heap space', 'com.acme.search.Indexer.rebuild', 'fatal', 'escalating'],
  [
    'Slow query',
    'SELECT "cart_item".* FROM "cart_item" WHERE "cart_id" = %s',
    'GET /api/carts/{id}/',
    'warning',
    'ongoing',
  ],
  ['ChunkLoadError', 'Loading chunk 37 failed (error: /static/37.a81f0c2.js)', 'web/bootstrap', 'error', 'ongoing'],
  ['SIGSEGV', 'Attempted to dereference null pointer', 'libimgproc.so in resize_bilinear', 'fatal', 'ongoing'],
  ['KeyError', "'shipping_zone'", 'cart/totals.py in compute', 'error', 'ongoing'],
  [
    'DeadlockDetected',
    'UPDATE inventory SET reserved = reserved + 1 WHERE sku = ANY(%s)',
    'inventory.reserve',
    'warning',
    'regressed',
  ],
  ['ValidationError', 'address.postcode: value does not match the format of country DE', 'api/address', 'info', 'new'],
  [
    'UnhandledRejection',
    'Non-Error promise rejection captured with keys: code, detail',
    'web/session',
    'error',
    'ongoing',
  ],
  ['DeprecationWarning', 'datetime.utcnow() is deprecated', 'billing/cron.py in close_month', 'debug', 'ongoing'],
];

const makeIssue = (at) => {
  const next = random(at * 7919 + 17);
  const [type, value, culprit, level, substatus] = titles[at % titles.length];
  const project = projects[at % projects.length];
  const lastSeen = now() - Math.floor(2 + at ** 1.6 * (4 + next() * 9));
  const count = Math.floor(3 + next() ** 4 * 9000);
  const from = now() - 14 * 24 * HOUR;
  const stats = Array.from({ length: 28 }, (_, bucket) => [
    from + bucket * 12 * HOUR,
    next() < 0.4 ? 0 : Math.floor((next() * count) / 20),
  ]);
  const assignee = at % 3 === 0 ? users[(at / 3) % users.length] : null;
  return {
    id: String(1000 + at),
    shortId: `${project.slug.toUpperCase()}-${(400 + at).toString(36).toUpperCase()}`,
    title: `${type}: ${value}`,
    culprit,
    level,
    status: 'unresolved',
    substatus,
    statusDetails: {},
    type: 'error',
    platform: project.platform,
    project: { id: project.id, slug: project.slug, name: project.name, platform: project.platform },
    metadata: { type, value },
    count: String(count),
    userCount: Math.floor(count / (2 + next() * 5)),
    firstSeen: iso(lastSeen - Math.floor(HOUR + next() ** 3 * 40 * 24 * HOUR)),
    lastSeen: iso(lastSeen),
    assignedTo: assignee && { type: 'user', id: assignee.id, name: assignee.name, email: assignee.email },
    isUnhandled: next() > 0.5,
    hasSeen: at % 4 !== 0,
    isBookmarked: at === 4,
    isSubscribed: false,
    numComments: at % 7 === 2 ? 3 : 0,
    priority: 'medium',
    stats: { auto: stats },
  };
};

const isArchived = (issue) => issue.status === 'ignored';
const states = {
  'is:unresolved': (issue) => issue.status === 'unresolved',
  'is:new': (issue) => issue.status === 'unresolved' && issue.substatus === 'new',
  'is:regressed': (issue) => issue.status === 'unresolved' && issue.substatus === 'regressed',
  'is:escalating': (issue) => issue.status === 'unresolved' && issue.substatus === 'escalating',
  'is:archived': isArchived,
  'is:resolved': (issue) => issue.status === 'resolved',
};

const matches = (issue, query) =>
  query
    .split(/\s+/)
    .filter(Boolean)
    .every((term) => {
      if (states[term]) return states[term](issue);
      const [, key, value] = /^([\w.]+):(.*)$/.exec(term) ?? [];
      if (key === 'level') return issue.level === value;
      return issue.title.toLowerCase().includes(term.toLowerCase());
    });

const inScope = (issue, params) => {
  const chosen = params.getAll('project');
  return chosen.length === 0 || chosen.includes(issue.project.id);
};

const sorters = {
  date: (a, b) => b.lastSeen.localeCompare(a.lastSeen),
  new: (a, b) => b.firstSeen.localeCompare(a.firstSeen),
  freq: (a, b) => Number(b.count) - Number(a.count),
  user: (a, b) => b.userCount - a.userCount,
  trends: (a, b) => b.stats.auto.at(-1)[1] - a.stats.auto.at(-1)[1],
};

const widths = { s: 1, m: 60, h: HOUR, d: 24 * HOUR };
const seconds = (text) => Number.parseInt(text, 10) * widths[text.at(-1)];

const eventsStats = (params) => {
  const length = params.get('statsPeriod') ? seconds(params.get('statsPeriod')) : 28 * 24 * HOUR;
  const width = seconds(params.get('interval') ?? '4h');
  const to = now();
  const start = Math.ceil((to - length) / width) * width;
  const share = /level:fatal/.test(params.get('query'))
    ? 0.04
    : /level:(warning|info)/.test(params.get('query'))
      ? 0.2
      : 1;
  const data = [];
  for (let at = start; at <= to; at += width) {
    const day = Math.sin(((at % (24 * HOUR)) / (24 * HOUR)) * Math.PI * 2 - 1.6) + 1.2;
    const burst = to - at < 3.4 * 24 * HOUR && to - at > 3 * 24 * HOUR ? 3.2 : 1;
    const noise = 0.8 + random(at)() * 0.4;
    data.push([at, [{ count: Math.round(160 * day * burst * noise * share) }]]);
  }
  return { data, start, end: to };
};

const tags = [
  'environment',
  'release',
  'browser',
  'browser.name',
  'os',
  'os.name',
  'url',
  'user',
  'server_name',
  'transaction',
];
const values = {
  environment: ['production', 'staging'],
  release: ['2.14.2', '2.14.1', '2.14.0'],
  browser: ['Safari 18', 'Chrome 141', 'Firefox 144'],
};

const json = (data, headers = {}, status = 200) => ({ status, headers, body: JSON.stringify(data) });

const page = (rows, params) => {
  const limit = Number(params.get('limit') ?? params.get('per_page') ?? 100);
  const offset = Number((params.get('cursor') ?? '0:0:0').split(':')[1]);
  const more = offset + limit < rows.length;
  const cursor = `0:${offset + limit}:0`;
  return json(rows.slice(offset, offset + limit), {
    Link: `<http://localhost/>; rel="previous"; results="false"; cursor="0:0:1", <http://localhost/>; rel="next"; results="${more}"; cursor="${cursor}"`,
    'X-Hits': String(rows.length),
  });
};

/** One server with its own memory. `answer` takes a method, a URL and a parsed body, and gives status, headers and text. */
export const createMockApi = (options = {}) => {
  const issues = Array.from({ length: options.issues ?? 312 }, (_, at) => makeIssue(at));
  const listIssues = (params) => {
    const query = params.get('query') ?? 'is:unresolved';
    return issues
      .filter((issue) => inScope(issue, params) && matches(issue, query))
      .sort(sorters[params.get('sort') ?? 'date']);
  };

  const changeIssues = (params, change) => {
    const ids = params.getAll('id');
    const chosen = ids.length > 0 ? issues.filter((issue) => ids.includes(issue.id)) : listIssues(params);
    for (const issue of chosen) {
      const { assignedTo, ...rest } = change;
      Object.assign(issue, rest);
      if (change.status === 'ignored') issue.substatus = change.substatus ?? 'archived_until_escalating';
      if (change.status === 'unresolved') issue.substatus = 'ongoing';
      const user = users.find(({ id }) => `user:${id}` === assignedTo);
      if (assignedTo !== undefined) issue.assignedTo = user ? { type: 'user', id: user.id, name: user.name } : null;
    }
    return change;
  };

  let signedIn = !options.signedOut;

  const login = (body) => {
    if (body.password !== 'secret') return json({ detail: 'The e-mail or password is not correct.' }, {}, 400);
    signedIn = true;
    return json({ user: users[0], nextUri: null });
  };

  const org = { id: '1', slug: 'acme', name: 'Acme Inc.', dateCreated: '2026-01-01T00:00:00Z' };
  const O = '/api/0/organizations/acme/';

  /** Method and path to an answer; `(.+)` places are handed over. */
  const routes = [
    [
      'GET',
      '/api/0/auth/config/',
      () => json({ publicUrl: '', version: '0.1.0', canRegister: false, needsLogin: !signedIn }),
      true,
    ],
    ['POST', '/api/0/auth/login/', (_p, body) => login(body), true],
    [
      'DELETE',
      '/api/0/auth/',
      () => {
        signedIn = false;
        return { status: 204, headers: {}, body: '' };
      },
      true,
    ],
    ['GET', '/api/0/users/me/', () => json(users[0])],
    ['PUT', '/api/0/users/me/', () => json(users[0])],
    ['GET', '/api/0/organizations/', () => json([org])],
    [
      'GET',
      `${O}projects/`,
      (p) => page(options.empty ? projects.map((project) => ({ ...project, firstEvent: null })) : projects, p),
    ],
    [
      'GET',
      `${O}environments/`,
      () =>
        json([
          { id: '1', name: 'production' },
          { id: '2', name: 'staging' },
        ]),
    ],
    [
      'GET',
      `${O}members/`,
      () => json(users.map((user) => ({ id: user.id, email: user.email, name: user.name, user }))),
    ],
    ['GET', `${O}teams/`, () => json([{ id: '1', slug: 'backend', name: 'backend' }])],
    [
      'GET',
      `${O}releases/`,
      () =>
        json([
          { version: 'web@2.14.2', shortVersion: '2.14.2', dateCreated: iso(now() - 3.6 * 24 * HOUR) },
          { version: 'web@2.14.1', shortVersion: '2.14.1', dateCreated: iso(now() - 9.2 * 24 * HOUR) },
        ]),
    ],
    [
      'GET',
      `${O}ingest-health/`,
      () =>
        json({
          status: options.health ?? 'healthy',
          lagSeconds: options.health ? 74 : 0.1,
          backlogBytes: 2048,
          eventsPerMinute: 2520,
          poisonCount: options.health ? 3 : 0,
        }),
    ],
    ['GET', `${O}issues/`, (p) => page(options.empty ? [] : listIssues(p), p)],
    ['PUT', `${O}issues/`, (p, body) => json(changeIssues(p, body))],
    ['DELETE', `${O}issues/`, () => ({ status: 204, headers: {}, body: '' })],
    [
      'GET',
      `${O}issues-count/`,
      (p) =>
        json(
          Object.fromEntries(
            p
              .getAll('query')
              .map((query) => [query, issues.filter((issue) => inScope(issue, p) && matches(issue, query)).length]),
          ),
        ),
    ],
    ['GET', `${O}events-stats/`, (p) => json(eventsStats(p))],
    ['GET', `${O}tags/`, () => json(tags.map((key) => ({ key, name: key, totalValues: 10 })))],
    [
      'GET',
      `${O}tags/(.+)/values/`,
      (_p, _b, key) => json((values[key] ?? ['one', 'two']).map((value) => ({ key, name: value, value, count: 12 }))),
    ],
    [
      'GET',
      `${O}eventids/(.+)/`,
      (_p, _b, id) => json({ organizationSlug: 'acme', projectSlug: 'web', groupId: '1001', eventId: id }),
    ],
    [
      'GET',
      `${O}issues/(.+)/`,
      (_p, _b, id) => json(issues.find((issue) => issue.id === id || issue.shortId === id) ?? issues[0]),
    ],
  ];

  const refuse = (open) => {
    if (!signedIn && !open) return json({ detail: 'Authentication credentials were not provided.' }, {}, 401);
    if (options.down) return json({ detail: 'The database is not reachable.' }, { 'Retry-After': '5' }, 503);
    return undefined;
  };
  const answer = (method, url, body) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    for (const [verb, pattern, handle, open] of routes) {
      const found = verb === method && new RegExp(`^${pattern}$`).exec(pathname);
      if (found) return refuse(open) ?? handle(searchParams, body ?? {}, found[1]);
    }
    return json({ detail: 'Not found.' }, {}, 404);
  };
  return {
    answer,
    issues,
    expire: () => {
      signedIn = false;
    },
    options,
  };
};
