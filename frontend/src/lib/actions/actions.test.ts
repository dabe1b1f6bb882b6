import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Action, listenForShortcuts, registry } from './registry.ts';
import { chordOf, createSequencer, keyCaps } from './shortcuts.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  ({
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    target: null,
    preventDefault: vi.fn(),
    ...more,
  }) as unknown as KeyboardEvent;

const action = (id: string, keys: string, run = vi.fn()): Action & { run: ReturnType<typeof vi.fn> } => ({
  id,
  keys,
  label: id,
  group: 'Test',
  run,
});

let keydown: (event: KeyboardEvent) => void;
let stop: () => void;

beforeEach(() => {
  vi.stubGlobal('Element', class {});
  stop = listenForShortcuts({
    addEventListener: (_: string, listener: unknown) => {
      keydown = listener as typeof keydown;
    },
    removeEventListener: vi.fn(),
  } as unknown as Window);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

test('chords name modifiers, letters and symbols', () => {
  expect(chordOf(press('K', { shiftKey: true }))).toBe('Shift+k');
  expect(chordOf(press('k', { ctrlKey: true }))).toBe('Mod+k');
  expect(chordOf(press('?', { shiftKey: true }))).toBe('?');
  expect(chordOf(press('{', { shiftKey: true }))).toBe('Shift+[');
  expect(chordOf(press('Shift', { shiftKey: true }))).toBeUndefined();
});

test('a bracket typed with AltGr is the bracket', () => {
  const altGraph = { ctrlKey: true, altKey: true, getModifierState: (name: string) => name === 'AltGraph' };
  expect(chordOf(press('[', altGraph as Partial<KeyboardEvent>))).toBe('[');
});

test('a sequence swallows its keys and expires', () => {
  let time = 0;
  const next = createSequencer(
    (keys) => keys === 'g',
    () => time,
  );
  expect(next('g')).toBeUndefined();
  expect(next('i')).toBe('g i');
  expect(next('g')).toBeUndefined();
  time = 5000;
  expect(next('i')).toBe('i');
});

test('"g i" goes and does not archive', () => {
  const go = action('go', 'g i');
  const archive = action('archive', 'i');
  const remove = registry.add([go, archive]);
  keydown(press('g'));
  keydown(press('i'));
  expect(go.run).toHaveBeenCalledOnce();
  expect(archive.run).not.toHaveBeenCalled();
  keydown(press('i'));
  expect(archive.run).toHaveBeenCalledOnce();
  remove();
});

test('the page wins a contested key and gives it back', () => {
  const shell = action('shell', 'r');
  const page = action('page', 'r');
  const removePage = registry.add([page]);
  const removeShell = registry.add([shell], { base: true });
  expect(registry.all().map(({ id }) => id)).toEqual(['page', 'shell']);
  keydown(press('r'));
  removePage();
  keydown(press('r'));
  expect([shell.run.mock.calls.length, page.run.mock.calls.length]).toEqual([1, 1]);
  removeShell();
});

test('a disabled action is neither offered nor run', () => {
  const idle = { ...action('idle', 'e'), enabled: () => false };
  const remove = registry.add([idle]);
  keydown(press('e'));
  expect(idle.run).not.toHaveBeenCalled();
  expect(registry.offered().some(({ id }) => id === 'idle')).toBe(false);
  remove();
});

test('caps are drawn one by one', () => {
  expect(keyCaps('g i')).toEqual(['G', 'I']);
  expect(keyCaps('Mod+k')).toEqual(['Ctrl', 'K']);
});
