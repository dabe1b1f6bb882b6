import { asList, asNumber, asRecord, asText, type Json } from '@/lib/json.ts';

export type SourceLine = readonly [number: number, text: string | null];

/** One call of a stack, as far as the SDK knew it. */
export type Frame = {
  /** Place in the list as sent: the oldest call is 0. Stable, so it names the frame. */
  at: number;
  function: string | undefined;
  module: string | undefined;
  package: string | undefined;
  filename: string | undefined;
  absPath: string | undefined;
  line: number | undefined;
  column: number | undefined;
  inApp: boolean;
  context: SourceLine[];
  vars: Json | undefined;
  address: string | undefined;
  symbol: string | undefined;
  platform: string | undefined;
  meta: Json | undefined;
};

export type Stack = {
  frames: Frame[];
  /** How many frames an SDK or the server left out, and before which place. */
  omitted: { before: number; count: number } | undefined;
};

const readLine = (value: unknown): SourceLine | undefined => {
  const [number, text] = asList(value);
  const line = asNumber(number);
  return line === undefined ? undefined : [line, typeof text === 'string' ? text : ''];
};

/** Each line once: a line number names the line. */
const readContext = (value: unknown): SourceLine[] => {
  const lines = asList(value).flatMap((item) => {
    const line = readLine(item);
    return line ? [line] : [];
  });
  return [...new Map(lines.map((line) => [line[0], line])).values()];
};

const readFrame = (value: unknown, at: number, meta: unknown): Frame => {
  const raw = asRecord(value) ?? {};
  return {
    at,
    function: asText(raw.function),
    module: asText(raw.module),
    package: asText(raw.package),
    filename: asText(raw.filename),
    absPath: asText(raw.absPath),
    line: asNumber(raw.lineNo),
    column: asNumber(raw.colNo),
    inApp: raw.inApp === true,
    context: readContext(raw.context),
    vars: asRecord(raw.vars),
    address: asText(raw.instructionAddr),
    symbol: asText(raw.symbol),
    platform: asText(raw.platform),
    meta: asRecord(asRecord(asRecord(meta)?.frames)?.[String(at)]),
  };
};

/** Reads a stack trace; undefined when there is none worth showing. */
export const readStack = (value: unknown, meta?: unknown): Stack | undefined => {
  const raw = asRecord(value);
  const frames = asList(raw?.frames).map((frame, at) => readFrame(frame, at, meta));
  if (frames.length === 0) return undefined;
  const [first, end] = asList(raw?.framesOmitted);
  const [from, to] = [asNumber(first), asNumber(end)];
  const omitted = from === undefined || to === undefined || to <= from ? undefined : { before: from, count: to - from };
  return { frames, omitted };
};

export type Order = 'newest' | 'oldest';

/**
 * Sentry's setting: 1 is "oldest first", 2 "newest first", -1 "default". Ours is one rule for every language: the call
 * that failed is on top, unless somebody asked for the other way round.
 */
export const orderOf = (setting: number | string | undefined): Order => (Number(setting) === 1 ? 'oldest' : 'newest');

/** A line of the trace as shown. */
export type StackItem =
  | { kind: 'frame'; frame: Frame; repeats: number }
  | { kind: 'hidden'; frames: Frame[] }
  | { kind: 'omitted'; count: number };

const same = (a: Frame, b: Frame): boolean =>
  a.function === b.function &&
  a.filename === b.filename &&
  a.module === b.module &&
  a.line === b.line &&
  a.line !== undefined;

/** A call that calls itself a hundred times is one line that says so. */
const foldRepeats = (frames: readonly Frame[]): { frame: Frame; repeats: number }[] => {
  const folded: { frame: Frame; repeats: number }[] = [];
  for (const frame of frames) {
    const last = folded.at(-1);
    if (last && same(last.frame, frame)) last.repeats += 1;
    else folded.push({ frame, repeats: 1 });
  }
  return folded;
};

export const hasInApp = (stack: Stack): boolean => stack.frames.some((frame) => frame.inApp);

/**
 * The lines of a trace. With `onlyApp`, runs of library frames become one line that can be opened; a trace without any
 * frame of the application shows all of them.
 */
export const stackItems = (stack: Stack, order: Order, onlyApp: boolean): StackItem[] => {
  const hiding = onlyApp && hasInApp(stack);
  const items: StackItem[] = [];
  for (const { frame, repeats } of foldRepeats(stack.frames)) {
    if (stack.omitted && frame.at === stack.omitted.before) items.push({ kind: 'omitted', count: stack.omitted.count });
    const last = items.at(-1);
    if (!hiding || frame.inApp) items.push({ kind: 'frame', frame, repeats });
    else if (last?.kind === 'hidden') last.frames.push(frame);
    else items.push({ kind: 'hidden', frames: [frame] });
  }
  return order === 'newest' ? reversed(items) : items;
};

const reversed = (items: StackItem[]): StackItem[] =>
  items.map((item) => (item.kind === 'hidden' ? { ...item, frames: item.frames.toReversed() } : item)).toReversed();

/** The frame that opens by itself: the newest of the application that has something to show, else the newest that has. */
export const frameToOpen = (stack: Stack): Frame | undefined => {
  const telling = stack.frames.filter((frame) => frame.context.length > 0 || frame.vars !== undefined);
  return telling.findLast((frame) => frame.inApp) ?? telling.at(-1);
};

/** The last part of a package path: "/usr/lib/libc.so.6" → "libc.so.6". */
export const packageName = (path: string): string => path.split(/[\\/]/).at(-1) || path;

/** Where a frame is, as closely as is known: a file, a module, an address, at last the library. */
export const locationOf = ({ filename, absPath, module, address, package: library }: Frame): string =>
  filename ?? absPath ?? module ?? address ?? (library ? packageName(library) : '');

export type FrameFact = 'module' | 'package' | 'path' | 'address' | 'symbol';

/** What only the opened frame tells: what the heading says already is left out. */
export const frameFacts = (frame: Frame): [fact: FrameFact, value: string][] => {
  const facts: [FrameFact, string | undefined][] = [
    ['module', frame.module],
    ['package', frame.package],
    ['path', frame.absPath === frame.filename ? undefined : frame.absPath],
    ['address', frame.address],
    ['symbol', frame.symbol === frame.function ? undefined : frame.symbol],
  ];
  return facts.flatMap(([fact, value]) => (value ? [[fact, value]] : []));
};

const byExtension: Record<string, string> = {
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  vue: 'javascript',
  svelte: 'javascript',
  java: 'java',
  kt: 'kotlin',
  swift: 'swift',
  m: 'c',
  cs: 'csharp',
  c: 'c',
  h: 'cpp',
  cc: 'cpp',
  cpp: 'cpp',
  hpp: 'cpp',
  rs: 'rust',
  go: 'go',
  rb: 'ruby',
  php: 'php',
  sql: 'sql',
};
const byPlatform: Record<string, string> = {
  python: 'python',
  javascript: 'javascript',
  node: 'javascript',
  java: 'java',
  go: 'go',
  ruby: 'ruby',
  php: 'php',
  csharp: 'csharp',
  cocoa: 'swift',
  native: 'cpp',
  c: 'c',
  rust: 'rust',
};

/** Code beyond this length is no one's source; colouring it would only hold up the page. */
const LONGEST_COLOURED = 20_000;

/** The language to colour a frame's source in: by the file's ending, else by the platform. */
export const languageOf = (frame: Frame, platform: string | null | undefined): string => {
  if (frame.context.reduce((sum, [, text]) => sum + (text?.length ?? 0), 0) > LONGEST_COLOURED) return '';
  const path = (frame.filename ?? frame.absPath ?? '').replace(/[?#].*$/, '');
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return byExtension[extension] ?? byPlatform[frame.platform ?? platform ?? ''] ?? '';
};
