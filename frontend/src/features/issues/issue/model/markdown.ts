import { asText, inline } from '@/lib/json.ts';
import { beforeEvent, readBreadcrumbs, summaryOf } from './breadcrumbs.ts';
import { type EventDetail, entryOf, userLabel } from './event.ts';
import { headline, readExceptions } from './exceptions.ts';
import { rawException, rawTrace } from './rawTrace.ts';
import { fullUrl, readRequest } from './request.ts';
import { readStack } from './stack.ts';

const LAST_CRUMBS = 10;
const MAX_VALUE = 200;

/** Longer than any run of backticks inside, so that event data cannot end the code. */
const fenceFor = (text: string, least: number): string => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
};

const fenced = (text: string): string => {
  const fence = fenceFor(text, 3);
  return `${fence}\n${text}\n${fence}`;
};

const code = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ').slice(0, MAX_VALUE);
  const fence = fenceFor(flat, 1);
  const gap = fence.length > 1 ? ' ' : '';
  return `${fence}${gap}${flat}${gap}${fence}`;
};

const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|]/g, '\\$&');

const section = (title: string, body: string | undefined): string[] => (body ? [`## ${title}`, body] : []);

const facts = (event: EventDetail, link: string): string => {
  const rows: [string, string | undefined][] = [
    ['Event', event.eventID],
    ['Time', event.dateCreated],
    ['Release', asText(event.release?.version)],
    ['User', userLabel(event.user)],
    ['Where', asText(event.culprit)],
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`- ${name}: ${code(value)}`] : []));
  return [...lines, `- Link: ${link}`].join('\n');
};

const traces = (event: EventDetail): string => {
  const chain = readExceptions(entryOf(event, 'exception'), 'newest');
  if (chain.length > 0) return chain.map((exception) => fenced(rawException(exception, event.platform))).join('\n\n');
  const stack = readStack(entryOf(event, 'stacktrace')?.data);
  return stack ? fenced(rawTrace(stack, event.platform)) : '';
};

const trail = (event: EventDetail): string => {
  const crumbs = readBreadcrumbs(entryOf(event, 'breadcrumbs')).slice(0, LAST_CRUMBS).toReversed();
  const lines = crumbs.map((crumb) => {
    const distance = crumb.timestamp === undefined ? undefined : beforeEvent(crumb.timestamp, event.dateCreated);
    const when = distance === undefined ? '' : `${(distance / 1000).toFixed(2)} s `;
    return `${when}${crumb.category}: ${summaryOf(crumb).text}`;
  });
  return lines.length > 0 ? fenced(lines.join('\n')) : '';
};

const request = (event: EventDetail): string => {
  const read = readRequest(entryOf(event, 'request'));
  return read ? fenced(`${read.method} ${fullUrl(read)}`) : '';
};

const tags = (event: EventDetail): string =>
  event.tags.map(({ key, value }) => `- ${escaped(key)}: ${code(inline(value))}`).join('\n');

const title = (event: EventDetail): string => {
  const main = readExceptions(entryOf(event, 'exception'), 'newest')[0];
  return (main && headline(main)) || event.title || event.message || event.eventID;
};

/** The event as Markdown, for a ticket, a chat or an assistant. */
export const eventMarkdown = (event: EventDetail, link: string): string =>
  [
    `# ${escaped(title(event))}`,
    facts(event, link),
    ...section('Stack trace', traces(event)),
    ...section('Before it happened', trail(event)),
    ...section('Request', request(event)),
    ...section('Tags', tags(event)),
  ].join('\n\n');
