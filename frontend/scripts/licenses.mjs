/** Checks that everything that ships carries a licence we may ship, and that the lock names no registry host. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const allowed = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'OFL-1.1',
  '0BSD',
  'Unlicense',
  'BlueOak-1.0.0',
  'CC0-1.0',
]);
/** Used while building and testing only, never shipped. */
const allowedForTools = new Set([...allowed, 'MPL-2.0', 'CC-BY-4.0', 'Python-2.0']);

const lock = JSON.parse(readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8'));
const fits = (expression, set) =>
  String(expression)
    .replace(/[()]/g, '')
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((name) => set.has(name)));

const problems = [];
let shipped = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue;
  const name = path.replace(/^.*node_modules\//, '');
  if (!entry.dev && !entry.devOptional) shipped += 1;
  if (entry.resolved) problems.push(`${name}: the lock names where it came from`);
  if (!entry.integrity) problems.push(`${name}: no integrity hash`);
  if (entry.hasInstallScript) problems.push(`${name}: runs a script when installed`);
  if (!fits(entry.license, entry.dev ? allowedForTools : allowed)) problems.push(`${name}: licence ${entry.license}`);
}
for (const problem of problems) console.error(problem);
console.log(
  `licenses: ${Object.keys(lock.packages).length - 1} packages, ${shipped} shipped, ${problems.length} problems`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
