// Event normalisation: exceptions, frames, contexts, limits, fingerprint, title.
import assert from 'node:assert/strict';
import { GONE, events, fault, has, like, matches, pairs } from './expect.mjs';

const exception = (value, pattern, rest = {}) => [{ exception: [value] }, { exception: { values: [pattern] }, ...rest }];
const withFrames = (frames, rest = {}) => ({ exception: [{ type: 'E', value: 'v', stacktrace: { frames } }], ...rest });
const frame = (sent, pattern) => [withFrames([sent]), { exception: { values: [{ stacktrace: { frames: [pattern] } }] } }];
const framesOf = (stored) => stored.exception.values[0].stacktrace.frames;
const numbered = (count, rest = {}) => Array.from({ length: count }, (_, at) => ({ function: `f${at}`, filename: `f${at}.py`, ...rest }));

const exceptions = [
  events(186, 'a type inside the value', exception({ value: 'ValueError: boom' }, { type: 'ValueError', value: 'boom' })),
  events(187, 'an exception without type and value', exception({}, null, { errors: has({ type: 'missing_attribute' }) })),
  events(188, 'a stack trace beside its exception', [
    { exception: [{ type: 'E', value: 'v' }], stacktrace: { frames: [{ function: 'f', filename: 'a.py' }] } },
    { stacktrace: GONE, exception: { values: [{ stacktrace: { frames: [{ function: 'f' }] } }] } },
  ]),
  events(
    189,
    'one exception, a list, values',
    ...[{ type: 'E', value: 'v' }, [{ type: 'E', value: 'v' }], { values: [{ type: 'E', value: 'v' }] }].map((sent) => [
      { exception: sent },
      { type: 'error', exception: { values: [{ type: 'E', value: 'v' }] } },
    ]),
  ),
  events(190, 'a file name from a URL', frame({ abs_path: 'http://a.b/c/d.js' }, { filename: '/c/d.js', abs_path: 'http://a.b/c/d.js' })),
  events(191, 'a path from a file name', frame({ filename: 'a.py' }, { filename: 'a.py', abs_path: 'a.py' })),
  events(192, 'a function that nobody knows', frame({ function: '?', filename: 'a.py' }, { function: GONE })),
  [
    193,
    '250 of 300 frames: the first 50 and the last 200',
    async (c) => {
      const stored = await c.normalized(withFrames(numbered(300)));
      const names = numbered(300).map((each) => each.function);
      assert.deepEqual(
        framesOf(stored).map((each) => each.function),
        [...names.slice(0, 50), ...names.slice(100)],
      );
      like(stored._meta.exception.values[0].stacktrace.frames[''], { len: 300 });
    },
  ],
  [
    194,
    'variables of 50 of 60 frames',
    async (c) => {
      const stored = await c.normalized(withFrames(numbered(60, { in_app: false, vars: { a: '1' } }), { platform: 'python' }));
      const kept = framesOf(stored)
        .map((each) => (each.vars ? 'v' : '-'))
        .join('');
      assert.equal(kept, `${'v'.repeat(25)}${'-'.repeat(10)}${'v'.repeat(25)}`);
    },
  ],
  events(195, "a signal's name", [
    { exception: [{ type: 'E', value: 'v', mechanism: { type: 'signal', meta: { signal: { number: 11 } } } }], contexts: { os: { name: 'Linux' } } },
    { exception: { values: [{ mechanism: { meta: { signal: { number: 11, name: 'SIGSEGV' } } } }] } },
  ]),
  events(
    196,
    'a help link that is none',
    exception(
      { type: 'E', value: 'v', mechanism: { type: 'm', help_link: 'ftp://x' } },
      { mechanism: { type: 'm', help_link: GONE } },
      { errors: has({ name: 'exception.values.0.mechanism.help_link' }) },
    ),
  ),
  events(197, 'what a breadcrumb has by default', [
    { breadcrumbs: [{ message: 'x' }] },
    { breadcrumbs: { values: [{ type: 'default', level: 'info', message: 'x' }] } },
  ]),
  events(198, 'a debug image of an unknown type', [
    { debug_meta: { images: [{ type: 'foo' }] } },
    { debug_meta: (meta) => assert.deepEqual((meta?.images ?? []).filter(Boolean), []), errors: has({ type: 'invalid_data' }) },
  ]),
  events(199, "Apple's old debug images", [
    { debug_meta: { images: [{ type: 'apple', name: 'App', uuid: '494f3aea-88fa-4296-9644-fa8ef5d139b6', image_addr: '0x1', image_size: 1 }] } },
    { debug_meta: { images: [{ type: 'macho', code_file: 'App', debug_id: '494f3aea-88fa-4296-9644-fa8ef5d139b6' }] } },
  ]),
];

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';
const seenBy = (platform, contexts, hints = {}) => [{ platform, request: { headers: { 'User-Agent': CHROME, ...hints } } }, { contexts }];
const WINDOWS = { name: 'Windows', version: '>=10' };

/** Objects in objects: {"l1": {"l2": ...}}. */
const nested = (depth, level = 1) => ({ [`l${level}`]: level === depth ? 'end' : nested(depth, level + 1) });

const contexts = [
  events(200, 'a page of Chrome on Windows', seenBy('javascript', { browser: { name: 'Chrome', version: '120.0.0' }, os: WINDOWS, client_os: GONE })),
  events(201, 'a server whose visitor has Chrome on Windows', seenBy('python', { browser: { name: 'Chrome' }, client_os: WINDOWS, os: GONE })),
  events(
    202,
    'client hints win',
    seenBy(
      'javascript',
      { browser: { name: 'Microsoft Edge', version: '121.0.2277.4' }, os: { name: 'macOS', version: '14.2.1' } },
      {
        'Sec-CH-UA': '"Not_A Brand";v="8", "Chromium";v="121", "Microsoft Edge";v="121.0.2277.4"',
        'Sec-CH-UA-Platform': '"macOS"',
        'Sec-CH-UA-Platform-Version': '"14.2.1"',
      },
    ),
  ),
  events(203, 'an operating system as one text', [
    { contexts: { os: { raw_description: 'Microsoft Windows NT 10.0.19045.0' } } },
    { contexts: { os: { name: 'Windows', version: '10.0.19045', build: '19045' } } },
  ]),
  events(204, 'a context of any name', [{ contexts: { foo: { a: 1 } } }, { contexts: { foo: { a: 1, type: 'foo' } } }]),
  [
    205,
    'a context of 20 kB is cut to 8192 bytes',
    async (c) => {
      const stored = await c.normalized({ contexts: { foo: { a: 'x'.repeat(20000) } } });
      const size = JSON.stringify(stored.contexts.foo).length;
      assert.ok(size > 4096 && size <= 8192 + 64, `${size} bytes`);
      assert.ok(stored.contexts.foo.a.endsWith('...'));
      assert.equal(stored._meta.contexts.foo.a[''].len, 20000);
    },
  ],
  [
    206,
    'extra, ten deep: the seventh level, extra being the first, is text',
    async (c) => {
      let value = (await c.normalized({ extra: nested(10) })).extra;
      for (let level = 1; level < 6; level++) value = value[`l${level}`];
      assert.equal(typeof value, 'object');
      assert.equal(value.l6, JSON.stringify(nested(10, 7)));
    },
  ],
  events(207, 'a message of 9000 characters', [
    { message: 'm'.repeat(9000) },
    {
      logentry: { formatted: `${'m'.repeat(8189)}...` },
      _meta: { logentry: { formatted: { '': { rem: [['!limit', 's', 8189, 8192]], len: 9000 } } } },
    },
  ]),
  events(208, 'a message of 8300 characters', [{ message: 'm'.repeat(8300) }, { logentry: { formatted: 'm'.repeat(8300) } }]),
  events(209, 'a fingerprint that is no list', [{ fingerprint: 'x' }, { fingerprint: GONE, errors: has({ name: 'fingerprint' }) }]),
  events(210, 'parts of a fingerprint', [
    { fingerprint: [1, true, {}] },
    { fingerprint: ['1', 'True'], errors: fault('invalid_data', 'fingerprint') },
  ]),
  events(211, 'the SDK by its client name', [{ message: 'x' }, { sdk: { name: 'raven-node', version: '2.6.3' } }, { client: 'raven-node/2.6.3' }]),
];

const A = { type: 'A', value: 'cause', stacktrace: { frames: [{ function: 'fa', module: 'm.a', in_app: true }] } };
const B = {
  type: 'B',
  value: 'value',
  stacktrace: {
    frames: [
      { function: 'outer', module: 'm.o', in_app: true },
      { function: 'fb', module: 'm.b', in_app: true },
      { function: 'lib', module: 'm.l', in_app: false },
    ],
  },
};
const crash = (platform, rest) => ({
  platform,
  exception: [{ type: 'E', value: 'v', stacktrace: { frames: [{ function: 'f', module: 'app/x', in_app: true }] } }],
  ...rest,
});

const titles = [
  events(212, 'the title of an error with a cause', [
    { platform: 'python', exception: { values: [A, B] } },
    { title: 'B: value', culprit: 'm.b in fb', metadata: { type: 'B', value: 'value' } },
  ]),
  events(213, 'the title is the first line', [{ message: 'line1\nline2' }, { title: 'line1' }]),
  events(214, 'nothing to say', [{ extra: {} }, { title: '<unlabeled event>' }]),
  events(215, 'a transaction is the culprit', [crash('python', { transaction: 'my.view' }), { culprit: 'my.view' }]),
  events(216, 'a synthetic exception', [
    {
      platform: 'python',
      exception: [
        {
          type: 'E',
          value: 'v',
          mechanism: { type: 'm', synthetic: true },
          stacktrace: { frames: [{ function: 'foo', module: 'a', in_app: true }] },
        },
      ],
    },
    { title: 'foo', culprit: '' },
  ]),
  events(217, 'culprits by platform', [crash('javascript'), { culprit: 'f(app/x)' }], [crash('python'), { culprit: 'app/x in f' }]),
  events(218, 'tags of a browser', [
    { contexts: { browser: { name: 'Chrome', version: '1' } } },
    { tags: pairs({ browser: 'Chrome 1', 'browser.name': 'Chrome' }) },
  ]),
  events(219, 'tags of a mechanism', [
    { exception: [{ type: 'E', value: 'v', mechanism: { type: 'onerror', handled: false } }] },
    { tags: pairs({ mechanism: 'onerror', handled: 'no' }) },
  ]),
  events(220, "Java's long logger names keep their end", [
    { platform: 'java', logger: `com.example.${'shop.'.repeat(16)}CartItem` },
    {
      logger: (name, path) => {
        matches(/^\*.*shop\.CartItem$/)(name, path);
        assert.ok(name.length <= 64, name);
      },
    },
  ]),
];

export const interfaces = [...exceptions, ...contexts, ...titles];
