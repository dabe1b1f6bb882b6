// What the bench and the soak share: the sender, and readings of a running instance.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../harness/instance.mjs';

export const output = resolve(checkout, process.env.OUT ?? 'build');
export const programs = join(output, process.env.BUILD ?? 'release');
export const run = promisify(execFile);

/** Runs the sender; its report, even when something was refused. */
export async function send(vedette, options) {
  const all = { address: '127.0.0.1', port: vedette.port, project: vedette.projectId, key: vedette.key, connections: 32, ...options };
  const words = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  const { stdout } = await run(join(programs, 'sender'), words, { maxBuffer: 1 << 24 }).catch((error) => error);
  return JSON.parse(stdout);
}

export const health = async (vedette) => (await vedette.api('/organizations/vedette/ingest-health/')).body;

/** Our programs, parents and children. */
export const ownProcesses = (vedette) => ['ingest', 'worker', 'api'].flatMap((name) => [vedette.pid(name), ...vedette.children(name)]);

export function ownResidentMiB(vedette) {
  const kib = ownProcesses(vedette).map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]));
  return kib.reduce((sum, value) => sum + value, 0) / 1024;
}

/** Files, sockets and the like that our programs hold open. */
export const ownOpenFiles = (vedette) => ownProcesses(vedette).reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
