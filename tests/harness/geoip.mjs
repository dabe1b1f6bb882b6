// A small GeoIP database for tests, written by Debian's writer for the format.
import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Puts a database into the place of `path`: networks, each [network, country code, country, city, subdivision]. */
export function writeGeoip(path, networks) {
  const input = networks.map((network) => `${network.join('\t')}\n`).join('');
  execFileSync('perl', [join(import.meta.dirname, 'geoip.pl'), `${path}.new`], { input });
  chmodSync(`${path}.new`, 0o644);
  renameSync(`${path}.new`, path);
}
