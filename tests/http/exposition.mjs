// Prometheus' text format 0.0.4, read strictly: whatever a scraper could stumble over throws.
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]Inf|NaN)$/i;
const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

function fail(line, why) {
  throw new Error(`${why}: ${line}`);
}

function readLabels(line, text) {
  const labels = {};
  while (text) {
    const match = LABEL.exec(text) ?? fail(line, 'broken labels');
    if (match[1] in labels) fail(line, 'a label twice');
    labels[match[1]] = match[2];
    text = text.slice(match[0].length);
    if (match[3] && !text) fail(line, 'a comma before nothing');
  }
  return labels;
}

/** A family's head, which comes before its samples, once. */
function readComment(families, state, line) {
  const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? fail(line, 'neither HELP nor TYPE');
  if (!NAME.test(name)) fail(line, 'no name');
  if (kind === 'HELP') {
    if (families.has(name)) fail(line, 'a family twice');
    families.set(name, { help: rest, samples: new Map() });
    state.family = name;
    return;
  }
  const family = families.get(name);
  if (state.family !== name || family.type || family.samples.size > 0) fail(line, 'TYPE is not between HELP and samples');
  if (!TYPES.has(rest)) fail(line, 'no such type');
  family.type = rest;
}

function readSample(families, state, line) {
  const match = /^([^\s{]+)(?:\{([^}]*)\})? (\S+)$/.exec(line) ?? fail(line, 'no sample');
  const [, name, labels = '', value] = match;
  const family = families.get(state.family) ?? fail(line, 'a sample of no family');
  const names = family.type === 'summary' ? [`${state.family}_sum`, `${state.family}_count`] : [state.family];
  if (!family.type || !names.includes(name)) fail(line, `a sample that is not of ${state.family}`);
  if (!NUMBER.test(value)) fail(line, 'no number');
  if (family.type === 'counter' && !(name.endsWith('_total') && Number(value) >= 0)) fail(line, 'no counter');
  const read = readLabels(line, labels);
  const key = `${name}{${Object.keys(read).sort().map((label) => `${label}=${read[label]}`).join(',')}}`;
  if (family.samples.has(key)) fail(line, 'a sample twice');
  family.samples.set(key, Number(value));
}

/** {families: Map of name to {type, help, samples}, value(name, labels): number or undefined, sum(name, labels)}. */
export function readExposition(text) {
  const families = new Map();
  const state = {};
  if (!text.endsWith('\n')) fail(text.slice(-80), 'the last line has no end');
  for (const line of text.slice(0, -1).split('\n')) (line.startsWith('#') ? readComment : readSample)(families, state, line);
  for (const [name, family] of families) if (!family.type) fail(name, 'no TYPE');
  const all = new Map([...families.values()].flatMap(({ samples }) => [...samples]));
  const key = (name, labels) => `${name}{${Object.keys(labels).sort().map((label) => `${label}=${labels[label]}`).join(',')}}`;
  return { families, value: (name, labels = {}) => all.get(key(name, labels)) };
}
