/**
 * Recomputes every colour pair of the design in both themes: WCAG contrast of text, controls and marks on what they stand
 * on, and the distance between level marks and between chart colours for normal and colour-blind eyes (simulation of
 * Machado et al. 2009 at full strength, distance in OKLab times 100).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const backgrounds = ['canvas', 'surface', 'sunken', 'hover', 'selected', 'raised'];
const rows = ['canvas', 'surface', 'hover', 'selected'];
const levels = ['fatal', 'error', 'warning', 'info', 'debug'];
const states = [...levels, 'success'];
const code = ['keyword', 'string', 'number', 'comment', 'title'];
const series = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `series-${n}`);
const marks = levels.map((level) => `mark-${level}`);

const cross = (fronts, backs, least) => fronts.flatMap((front) => backs.map((back) => [front, back, least]));

/** Front, back, least ratio; names as in the stylesheets without their dashes and the leading "c-". */
const pairs = [
  ...cross(['text'], [...backgrounds, ...states.map((state) => `${state}-soft`)], 7),
  ['on-ink', 'ink', 7],
  ...cross(['text-2', 'text-3', 'link'], backgrounds, 4.5),
  ...states.flatMap((state) => cross([state], [...rows, `${state}-soft`], 4.5)),
  ...cross(
    code.map((kind) => `code-${kind}`),
    ['surface', 'sunken', 'code-line'],
    4.5,
  ),
  ...cross(['on-accent'], ['accent', 'accent-hover'], 4.5),
  ...cross(['accent'], ['surface', 'accent-soft'], 4.5),
  ...cross(['text-inverse'], states, 4.5),
  ...cross(['focus'], backgrounds, 3),
  ...cross(['border-control'], ['canvas', 'surface', 'sunken', 'raised'], 3),
  ...cross(marks, rows, 3),
  ...cross([...series, 'series-plain'], ['surface', 'canvas'], 3),
];

/** Least distance within a set of colours, per theme. */
const sets = [
  ['level marks', marks, 9.9],
  ['chart series', series, 10],
];

const read = (name) => readFileSync(fileURLToPath(new URL(`../src/design/${name}`, import.meta.url)), 'utf8');
const declaration = /--(?:c-)?([\w-]+):\s*(#[0-9a-f]{6})\s*;/g;
const blocks = (text, theme) =>
  [...text.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, selector]) =>
    theme === 'dark' ? selector.includes('dark') : /:root|light/.test(selector) && !selector.includes('dark'),
  );

const coloursOf = (theme) => {
  const all = new Map();
  for (const text of [read('colors.css'), read('tokens.css')]) {
    for (const [, , body] of blocks(text, theme)) {
      for (const [, name, value] of body.matchAll(declaration)) all.set(name, value);
    }
  }
  return all;
};

const linear = (hex) =>
  [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const ratio = (front, back) => {
  const [a, b] = [luminance(linear(front)), luminance(linear(back))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, at) => sum + value * vector[at], 0));
const eyes = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const toCone = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const toLab = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
const clamp = (value) => Math.min(1, Math.max(0, value));
const oklab = (rgb) => times(toLab, times(toCone, rgb).map(Math.cbrt));
const distance = (a, b, eye) => {
  const [one, two] = [a, b].map((hex) => oklab(times(eyes[eye], linear(hex)).map(clamp)));
  return 100 * Math.hypot(...one.map((value, at) => value - two[at]));
};

let checked = 0;
const failures = [];
for (const theme of ['light', 'dark']) {
  const colours = coloursOf(theme);
  const colour = (name) => {
    const value = colours.get(name);
    if (!value) throw new Error(`${theme}: no colour is called ${name}`);
    return value;
  };
  for (const [front, back, least] of pairs) {
    checked += 1;
    const value = ratio(colour(front), colour(back));
    if (value < least) failures.push(`${theme}: ${front} on ${back} is ${value.toFixed(2)}, needs ${least}`);
  }
  for (const [name, members, least] of sets) {
    for (const eye of Object.keys(eyes)) {
      const all = members.flatMap((one, at) =>
        members.slice(at + 1).map((two) => distance(colour(one), colour(two), eye)),
      );
      const smallest = Math.min(...all);
      console.log(`${theme} ${name}, ${eye}: smallest distance ${smallest.toFixed(1)}`);
      if (smallest < least)
        failures.push(`${theme}: ${name} come within ${smallest.toFixed(1)} for ${eye} eyes, needs ${least}`);
    }
  }
}
for (const failure of failures) console.error(failure);
console.log(`contrast: ${checked} pairs, ${failures.length} failures`);
process.exitCode = failures.length > 0 ? 1 : 0;
