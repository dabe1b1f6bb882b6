/** Names of design tokens for code that cannot use a stylesheet: canvas drawings. */
export const levels = ['fatal', 'error', 'warning', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];

export const markToken = (level: Level): string => `--mark-${level}`;

/** The current value of a custom property, as the element sees it. */
export const tokenValue = (element: Element, name: string): string =>
  getComputedStyle(element).getPropertyValue(name).trim();
