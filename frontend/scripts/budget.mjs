/**
 * Checks the size budgets of the built application. Sizes are gzip -9 in kB of 1000 bytes. The JavaScript before the first
 * paint of a route is followed through the manifest's import graph: the entry, the route's own chunk, and all that these
 * import statically.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const limits = {
  route: 160,
  shell: 130,
  ownChunk: 30,
  vendorChunk: 40,
  css: 10,
  fonts: 100,
};

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));

const kB = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length / 1000;
const sizes = new Map();
const size = (file) => {
  if (!sizes.has(file)) sizes.set(file, kB(file));
  return sizes.get(file);
};
const sum = (files) => [...files].reduce((all, file) => all + size(file), 0);

/** A chunk and everything it imports before it can run. */
const closure = (keys, seen = new Set()) => {
  for (const key of keys) {
    if (seen.has(key)) continue;
    if (!manifest[key]) throw new Error(`the manifest does not know ${key}`);
    seen.add(key);
    closure(manifest[key].imports ?? [], seen);
  }
  return seen;
};
const filesOf = (keys) => new Set([...keys].map((key) => manifest[key].file));
const cssOf = (keys) => new Set([...keys].flatMap((key) => manifest[key].css ?? []));

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = closure([entry]);
const isPage = (key) => /^src\/features\/.*(Page|Tab)\.tsx$/.test(key);
const pages = Object.keys(manifest).filter(isPage);
// A tab is drawn inside its page, so what stands before its first paint is both.
const folder = (path) => path.replace(/[^/]+$/, '');
const pageOf = (tab) =>
  pages
    .filter((page) => /Page\.tsx$/.test(page) && tab.startsWith(folder(page)))
    .sort((a, b) => folder(b).length - folder(a).length)
    .slice(0, 1);
const routeKeys = (page) => closure([...(/Tab\.tsx$/.test(page) ? pageOf(page) : []), page], new Set(shell));

const rows = [];
const check = (name, value, limit) => rows.push({ name, value, limit });

check('shell', sum(filesOf(shell)), limits.shell);
for (const page of pages) {
  const keys = routeKeys(page);
  const name = page.replace(/^src\/features\/|\.tsx$/g, '');
  check(`route ${name}`, sum(filesOf(keys)), limits.route);
  check(`css ${name}`, sum(cssOf(keys)), limits.css);
}

const vendorOnly = (key) => !key.startsWith('src/');
const initial = filesOf(shell);
for (const key of Object.keys(manifest)) {
  const { file } = manifest[key];
  if (!file.endsWith('.js') || initial.has(file)) continue;
  const vendor = vendorOnly(key);
  check(`chunk ${file.replace(/^assets\//, '')}`, size(file), vendor ? limits.vendorChunk : limits.ownChunk);
}

const latinFonts = Object.values(manifest)
  .flatMap(({ file, assets = [] }) => [file, ...assets])
  .filter((file) => /-latin-wght-normal.*\.woff2$/.test(file));
const fontKilobytes = [...new Set(latinFonts)].reduce((all, file) => all + readFileSync(dist + file).length / 1000, 0);
check('fonts (latin)', fontKilobytes, limits.fonts);

const over = rows.filter(({ value, limit }) => value > limit);
const interesting = rows.filter(({ name, value, limit }) => !name.startsWith('chunk') || value > limit * 0.75);
for (const { name, value, limit } of interesting) {
  console.log(
    `${value > limit ? 'OVER' : ' ok '} ${value.toFixed(1).padStart(6)} of ${String(limit).padStart(3)} kB  ${name}`,
  );
}
console.log(`budget: ${rows.length} figures, ${over.length} over`);
process.exitCode = over.length > 0 ? 1 : 0;
