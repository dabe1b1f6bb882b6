/** Which rows of a list are chosen: some by name, or all that match, seen or not. */
export type Selection = { ids: ReadonlySet<string>; all: boolean; anchor: string | undefined };

export const nothing: Selection = { ids: new Set(), all: false, anchor: undefined };

export const isEmpty = (selection: Selection): boolean => !selection.all && selection.ids.size === 0;

export const isSelected = (selection: Selection, id: string): boolean => selection.all || selection.ids.has(id);

/** Turns one row on or off. Taking one out of "all" keeps the rows that are loaded. */
export const toggled = (selection: Selection, id: string, order: readonly string[]): Selection => {
  const ids = new Set(selection.all ? order : selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, all: false, anchor: id };
};

/** Chooses every row between the last one touched and this one. */
export const extended = (selection: Selection, id: string, order: readonly string[]): Selection => {
  const from = order.indexOf(selection.anchor ?? id);
  const to = order.indexOf(id);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...selection.ids, ...range]), all: false, anchor: id };
};

/** The box in the header: chooses the loaded rows, or nothing when they are chosen already. */
export const toggledLoaded = (selection: Selection, order: readonly string[]): Selection =>
  selection.all || order.every((id) => selection.ids.has(id))
    ? nothing
    : { ids: new Set(order), all: false, anchor: undefined };

export const everything: Selection = { ids: new Set(), all: true, anchor: undefined };

/** Forgets rows that have left the list. */
export const keptIn = (selection: Selection, order: readonly string[]): Selection => {
  if (selection.all || selection.ids.size === 0) return selection;
  const present = new Set(order);
  const ids = new Set([...selection.ids].filter((id) => present.has(id)));
  return ids.size === selection.ids.size ? selection : { ...selection, ids };
};
