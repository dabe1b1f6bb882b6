import { createStore } from '@/lib/store.ts';

export type ToastMessage = {
  tone: 'info' | 'success' | 'error';
  text: string;
  /** Takes the change back; the toast then stays for eight seconds and `z` does the same. */
  undo?: () => void;
};

export const UNDO_SECONDS = 8;

/** What waits to be shown; the region takes it from here. */
export const pendingToasts = createStore<readonly ToastMessage[]>([]);

let lastUndo: { run: () => void; until: number } | undefined;

/** Tells what happened. Never the only place of an error: the page shows it too. */
export const toast = (message: ToastMessage): void => {
  const { undo } = message;
  const once = undo && { run: undo, until: Date.now() + UNDO_SECONDS * 1000 };
  if (once) lastUndo = once;
  pendingToasts.set([...pendingToasts.get(), message]);
};

/** The change that was taken back last: its toast goes, whichever way it was taken back. */
export const usedUndo = createStore<(() => void) | undefined>(undefined);

/** What the button of a toast does. */
export const undoThis = (undo: () => void): void => {
  if (lastUndo?.run === undo) lastUndo = undefined;
  usedUndo.set(undo);
  undo();
};

export const canUndo = (): boolean => lastUndo !== undefined && Date.now() < lastUndo.until;

/** What `z` does: the newest change, as long as its toast would still offer it. */
export const undoLast = (): void => {
  if (lastUndo && canUndo()) undoThis(lastUndo.run);
};
