/**
 * Checks the direction of imports and the length of files: app → features → ui, charts → api → lib → design. A feature
 * never imports another feature; issues/issue is a feature inside issues and may use what issues shares.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const LONGEST = 400;
const levels = { design: 0, lib: 1, api: 2, ui: 3, charts: 3, features: 4, app: 5 };
const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\bfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const multiline = /\bfrom\s+['"]([^'"]+)['"]/g;

const place = (path) => {
  const parts = relative(src, path).split('/');
  const [layer] = parts;
  return parts.length === 1 ? { layer: 'app' } : { layer, feature: layer === 'features' ? parts[1] : undefined };
};

const targetsOf = (text) =>
  new Set(
    [...text.matchAll(importPattern), ...text.matchAll(multiline)].map((found) => found[1] ?? found[2]).filter(Boolean),
  );

const resolveImport = (from, target) => {
  if (target.startsWith('@/')) return join(src, target.slice(2));
  return target.startsWith('.') ? resolve(dirname(from), target) : undefined;
};

const problemsOf = (path) => {
  const text = readFileSync(path, 'utf8');
  const problems = [];
  const lines = text.split('\n').length - 1;
  if (lines > LONGEST) problems.push(`${lines} lines, at most ${LONGEST}`);
  if (/(^|\/)index\.tsx?$/.test(path)) problems.push('barrel file');
  if (path.endsWith('.css')) return problems;
  const own = place(path);
  for (const target of targetsOf(text)) {
    const found = resolveImport(path, target);
    if (!found?.startsWith(src)) continue;
    const other = place(found);
    if (levels[other.layer] === undefined) problems.push(`imports ${target}, which is in no layer`);
    else if (levels[other.layer] > levels[own.layer]) problems.push(`${own.layer} imports ${other.layer}: ${target}`);
    else if (own.feature && other.feature && own.feature !== other.feature) {
      problems.push(`feature ${own.feature} imports feature ${other.feature}: ${target}`);
    }
  }
  return problems;
};

let files = 0;
let problems = 0;
for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(tsx?|css)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  files += 1;
  for (const problem of problemsOf(path)) {
    problems += 1;
    console.error(`src/${relative(src, path)}: ${problem}`);
  }
}
console.log(`boundaries: ${files} files, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;
