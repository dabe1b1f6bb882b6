/**
 * Key notation: a chord is modifiers and a key joined by "+" ("Mod+k", "Shift+x", "?"), a sequence is chords separated by
 * spaces ("g i"). "Mod" is Command on Apple systems and Control elsewhere. Letters are lower case.
 */
export type Keys = string;

const isApple = typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform);
/** Keys of which the shifted form is its own character on common layouts, but is told as Shift+key here. */
const shifted: Record<string, string> = { '{': '[', '}': ']' };
const SEQUENCE_PAUSE = 1200;

/** The chord of a key press, or undefined for a bare modifier or an unfinished input-method composition. */
export const chordOf = (event: KeyboardEvent): string | undefined => {
  if (event.isComposing || ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(event.key))
    return undefined;
  const altGraph = event.getModifierState?.('AltGraph') ?? false;
  const base = shifted[event.key];
  const key = base ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const letterOrNamed = /^[a-z]$/.test(key) || key.length > 1;
  const mod = isApple ? event.metaKey : event.ctrlKey;
  const other = isApple ? event.ctrlKey : event.metaKey;
  const chord = [
    mod && !altGraph ? 'Mod' : '',
    other && !altGraph ? 'Meta' : '',
    event.altKey && !altGraph ? 'Alt' : '',
    base || (event.shiftKey && letterOrNamed) ? 'Shift' : '',
    key,
  ];
  return chord.filter(Boolean).join('+');
};

const editable =
  'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]:not([contenteditable=false])';
const overlay = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';
const operable = 'button, a[href], summary, [role=tab], [role=switch], input';

/** Combinations that belong to a text field: copy, paste, select all, undo. */
const editing = /^Mod\+(Shift\+)?[acvxyz]$/;

/** Shortcuts stay out of the way while someone types, answers a dialog or presses a focused control. */
export const yieldsTo = (target: EventTarget | null, chord: string): boolean => {
  if (!(target instanceof Element)) return false;
  if (target.closest(editable) || target.closest(overlay))
    return !/^(Mod|Meta|Alt)\+/.test(chord) || editing.test(chord);
  return (chord === 'Enter' || chord === ' ' || chord === 'Shift+Enter') && target.closest(operable) !== null;
};

/** Feeds chords in, gets the sequence that is complete: "g" then "i" is "g i" and never "i" alone. */
export const createSequencer = (isPrefix: (keys: Keys) => boolean, now: () => number = Date.now) => {
  let pending = '';
  let last = 0;
  return (chord: string): Keys | undefined => {
    const continued = pending !== '' && now() - last < SEQUENCE_PAUSE;
    const keys = continued ? `${pending} ${chord}` : chord;
    last = now();
    pending = isPrefix(keys) ? keys : '';
    return pending ? undefined : keys;
  };
};

const glyphs: Record<string, string> = isApple
  ? { Mod: '⌘', Meta: '⌃', Alt: '⌥', Shift: '⇧' }
  : { Mod: 'Ctrl', Meta: '⊞', Alt: 'Alt', Shift: 'Shift' };
const names: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc', ' ': 'Space' };

/** The keys as caps to draw: "g i" → ["G", "I"], "Mod+k" → ["Ctrl", "K"]. */
export const keyCaps = (keys: Keys): string[] =>
  keys
    .split(' ')
    .flatMap((chord) => chord.split('+'))
    .map((key) => glyphs[key] ?? names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
