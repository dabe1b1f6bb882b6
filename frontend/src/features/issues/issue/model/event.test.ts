import { expect, test } from 'vitest';
import { beforeEvent, isFailure, matches, readBreadcrumbs, summaryOf } from './breadcrumbs.ts';
import { contextCards } from './contexts.ts';
import { event } from './event.fixture.ts';
import { entryOf, userLabel } from './event.ts';
import { readExceptions } from './exceptions.ts';
import { eventMarkdown } from './markdown.ts';
import { minifiedFiles } from './minified.ts';
import { looksRedacted, metaAt, redactionOf, stretches } from './redaction.ts';

test('the trail is newest first and a failed request stands out', () => {
  const [failed, click] = readBreadcrumbs(entryOf(event(), 'breadcrumbs'));
  expect(failed && [failed.kind, summaryOf(failed).text, isFailure(failed)]).toEqual([
    'http',
    'GET /api/rates/eur → 502',
    true,
  ]);
  expect(click && [click.kind, click.category, isFailure(click)]).toEqual(['user', 'ui.click', false]);
  expect(failed && matches(failed, ' RATES ')).toBe(true);
  expect(click && matches(click, 'rates')).toBe(false);
  expect(beforeEvent('2026-11-20T14:32:07.114Z', event().dateCreated)).toBe(-1000);
  expect(readBreadcrumbs({ data: { values: ['x', null] }, meta: undefined })).toHaveLength(2);
});

test('contexts become cards, the ones people look for first', () => {
  const cards = contextCards(event({ contexts: { zoo: { a: 1 }, ...event().contexts, empty: {}, text: 'x' } }));
  expect(cards.map(({ title, summary }) => [title, summary])).toEqual([
    ['User', undefined],
    ['Browser', 'Safari 18.1'],
    ['Device', 'iPhone15,2'],
    ['zoo', undefined],
  ]);
  expect(cards[0]?.rows.map(({ name }) => name)).toEqual(['id', 'email', 'plan']);
  expect(cards[2]?.rows.at(-1)).toMatchObject({ name: 'memory_size', value: '6 GiB' });
});

test('a value that was removed is told of although it is gone', () => {
  const remark = { '': { rem: [['@ip:remove', 'x', 0, 0]] } };
  const cards = contextCards(event({ user: { id: '1', ip_address: null }, _meta: { user: { ip_address: remark } } }));
  expect(cards[0]?.rows.map(({ name, value }) => [name, value])).toEqual([
    ['id', '1'],
    ['ip_address', null],
  ]);
});

test('exactly the replaced part of a text is marked, with its rule', () => {
  const meta = { values: { 0: { '': { rem: [['@creditcard:filter', 's', 5, 15]], len: 30 } } } };
  const redaction = redactionOf(metaAt(meta, 'values', 0));
  expect(redaction?.originalLength).toBe(30);
  expect(stretches('card [Filtered] used', redaction).map(({ text, remark }) => [text, remark?.rule])).toEqual([
    ['card ', undefined],
    ['[Filtered]', '@creditcard:filter'],
    [' used', undefined],
  ]);
  expect(stretches('abc', redactionOf({ '': { rem: [['x', 's', 2, 99]] } }))).toEqual([
    { text: 'abc', remark: undefined },
  ]);
  expect(redactionOf({ '': { rem: 'no' } })).toBeUndefined();
  expect([looksRedacted('[Filtered]'), looksRedacted('[Filtered] x'), looksRedacted('********')]).toEqual([
    true,
    false,
    true,
  ]);
});

test('the Markdown holds what a ticket needs and cannot be broken out of', () => {
  const text = eventMarkdown(event(), 'https://vedette.test/e/1');
  expect(text).toContain("# TypeError: Cannot read properties of undefined (reading 'total')");
  expect(text).toContain('    at OrderSummary (app/checkout/summary.tsx:49:21)');
  expect(text).toContain('-0.11 s fetch: GET /api/rates/eur → 502');
  expect(text).toContain('- Release: `web@2.14.2`');
  expect(text).toContain('- Link: https://vedette.test/e/1');
  const nasty = event({
    entries: [{ type: 'exception', data: { values: [{ type: 'E', value: '\n```\n# owned\n<img>' }] } }],
  });
  expect(eventMarkdown(nasty, 'x')).toContain('````\nE: \n```\n# owned\n<img>\n````');
  expect(eventMarkdown(nasty, 'x').split('\n')[0]).toBe('# E: \\`\\`\\` \\# owned \\<img\\>');
  const tagged = event({ tags: [{ key: 'a', value: 'x `` ![](http://evil.test) ``' }] });
  expect(eventMarkdown(tagged, 'x')).toContain('- a: ``` x `` ![](http://evil.test) `` ```');
});

test('script that was shipped in one line is recognised, source that was mapped is not', () => {
  const exception = (frame: object, raw?: object) =>
    readExceptions(
      { data: { values: [{ stacktrace: { frames: [frame] }, rawStacktrace: raw }] }, meta: undefined },
      'newest',
    );
  const minified = { absPath: 'https://x.test/app.a81f.js', filename: '/app.a81f.js', lineNo: 1, colNo: 88_800 };
  expect(minifiedFiles(event(), exception(minified))).toEqual(['https://x.test/app.a81f.js']);
  expect(
    minifiedFiles(event(), exception({ filename: 'app.tsx', lineNo: 4, colNo: 2 }, { frames: [minified] })),
  ).toEqual([]);
  expect(minifiedFiles(event({ platform: 'python' }), exception(minified))).toEqual([]);
});

test('a person is called by the most telling of their names', () => {
  expect(userLabel({ id: '1', email: 'a@b.test' })).toBe('a@b.test');
  expect(userLabel({ ip_address: '1.2.3.4' })).toBe('1.2.3.4');
  expect(userLabel(null)).toBeUndefined();
});
