import { tokenValue } from '@/design/tokens.ts';

export type ChartTheme = {
  grid: string;
  text: string;
  surface: string;
  marker: string;
  font: string;
  colour: (token: string) => string;
};

/** The tokens a canvas needs, as the element sees them now. */
export const readTheme = (element: Element): ChartTheme => ({
  grid: tokenValue(element, '--c-border'),
  text: tokenValue(element, '--c-text-3'),
  surface: tokenValue(element, '--c-surface'),
  marker: tokenValue(element, '--c-text-2'),
  font: `11px ${tokenValue(element, '--font-ui')}`,
  colour: (token) => tokenValue(element, token),
});

/** Calls back when theme or density changes: a canvas does not follow custom properties by itself. */
export const onThemeChange = (listener: () => void): (() => void) => {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
};
