import type { EventDetail } from './event.ts';
import type { Exception } from './exceptions.ts';
import type { Frame } from './stack.ts';

const FAR_RIGHT = 400;
const LONG_LINE = 500;

const isScript = (frame: Frame): boolean => /\.(m|c)?js([?#]|$)/.test(frame.filename ?? frame.absPath ?? '');

/** Code that no one wrote like this: everything on one line, or names of one letter far to the right. */
const looksMinified = (frame: Frame): boolean =>
  isScript(frame) &&
  ((frame.column ?? 0) > FAR_RIGHT ||
    frame.context.some(([, text]) => (text?.length ?? 0) > LONG_LINE) ||
    /[.-]min\.js/.test(frame.filename ?? ''));

/** Files whose frames are shown as they were shipped, because no source map was applied. */
export const minifiedFiles = (event: EventDetail, exceptions: readonly Exception[]): string[] => {
  if (event.platform !== 'javascript' && event.platform !== 'node') return [];
  const frames = exceptions.filter(({ rawStack }) => !rawStack).flatMap(({ stack }) => stack?.frames ?? []);
  const files = frames.filter(looksMinified).map((frame) => frame.absPath ?? frame.filename ?? '');
  return [...new Set(files.filter(Boolean))];
};
