import { type Exception, headline } from './exceptions.ts';
import { type Frame, locationOf, packageName, type Stack } from './stack.ts';

type Writer = { line: (frame: Frame) => string; head?: string; oldestFirst?: boolean; headLast?: boolean };

const place = (frame: Frame): string =>
  [locationOf(frame), frame.line, frame.line === undefined ? undefined : frame.column]
    .filter((part) => part !== undefined && part !== '')
    .join(':');

const name = (frame: Frame): string => frame.function ?? frame.symbol ?? '?';

const sourceOf = (frame: Frame): string | undefined =>
  frame.context.find(([number]) => number === frame.line)?.[1]?.trim() || undefined;

const python: Writer = {
  head: 'Traceback (most recent call last):',
  oldestFirst: true,
  headLast: true,
  line: (frame) => {
    const source = sourceOf(frame);
    const at = `  File "${locationOf(frame)}", line ${frame.line ?? '?'}, in ${name(frame)}`;
    return source ? `${at}\n    ${source}` : at;
  },
};
const v8: Writer = {
  line: (frame) => (frame.function ? `    at ${frame.function} (${place(frame)})` : `    at ${place(frame)}`),
};
const jvm: Writer = {
  line: (frame) => {
    const call = [frame.module, name(frame)].filter(Boolean).join('.');
    return `\tat ${call}(${[frame.filename ?? 'Unknown Source', frame.line].filter(Boolean).join(':')})`;
  },
};
const native: Writer = {
  line: (frame) => {
    const image = frame.package ? packageName(frame.package) : '';
    const source = frame.filename ? ` (${place(frame)})` : '';
    return `  ${image.padEnd(28)} ${frame.address ?? ''} ${name(frame)}${source}`.trimEnd();
  },
};
const ruby: Writer = { line: (frame) => `    from ${place(frame)}:in '${name(frame)}'` };
const php: Writer = { line: (frame) => `  ${place(frame)} ${name(frame)}()` };
const go: Writer = {
  line: (frame) => `${[frame.module, name(frame)].filter(Boolean).join('.')}(…)\n\t${place(frame)}`,
};
const plain: Writer = { line: (frame) => `  at ${name(frame)} (${place(frame)})` };

const writers: Record<string, Writer> = {
  python,
  javascript: v8,
  node: v8,
  java: jvm,
  native,
  c: native,
  cocoa: native,
  rust: native,
  ruby,
  php,
  go,
  csharp: { line: (frame) => `   at ${[frame.module, name(frame)].filter(Boolean).join('.')} in ${place(frame)}` },
};

/** A trace as the platform itself prints it, which editors and search engines understand. */
export const rawTrace = (stack: Stack, platform: string | null | undefined, head?: string): string => {
  const writer = writers[platform ?? ''] ?? plain;
  const frames = writer.oldestFirst ? stack.frames : stack.frames.toReversed();
  const lines = [writer.head, ...frames.map(writer.line)];
  const text = writer.headLast ? [...lines, head] : [head, ...lines];
  return text.filter((line) => line !== undefined && line !== '').join('\n');
};

/** One error with its frames; without frames, the error alone. */
export const rawException = (exception: Exception, platform: string | null | undefined): string =>
  exception.stack ? rawTrace(exception.stack, platform, headline(exception)) : headline(exception);
