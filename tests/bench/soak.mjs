// make soak: half the rate at which Vedette keeps up, for long.  Every ten seconds it reads what may grow; in the end
// it says whether something did, by the second half of the time, and ends with 1 if so.
//
//   MINUTES=40   how long
//   RATE=0       events/s of 3 KiB; 0: half of knee_rps_3k in build/bench.json.  Requests of every item type come beside.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLoad } from '../fault/load.mjs';
import { sleep, startInstance } from '../harness/instance.mjs';
import { health, output, ownOpenFiles, ownResidentMiB, send } from './gauges.mjs';

const EVERY_MILLISECONDS = 10000;
const MIXED_PER_SECOND = 20;
const MIB = 1024 * 1024;
const MEMORY_MOST = 1; // % an hour
const BACKLOG_MOST = 1; // MiB that it may have grown by
const FILES_MOST = 8; // the connections that nginx keeps come and go
const minutes = Number(process.env.MINUTES || 40);

function rateOfHalfTheKnee() {
  const { knee_rps_3k: knee } = JSON.parse(readFileSync(join(output, 'bench.json'), 'utf8'));
  return Math.round(knee / 2);
}

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const greatest = (list) => Math.max(...list);

/** The slope of the straight line that lies nearest to the points, in % of their mean an hour. */
function percentPerHour(points) {
  const [x, y] = [mean(points.map(([hours]) => hours)), mean(points.map(([, value]) => value))];
  const above = points.reduce((sum, [hours, value]) => sum + (hours - x) * (value - y), 0);
  const below = points.reduce((sum, [hours]) => sum + (hours - x) ** 2, 0);
  return (100 * above) / below / y;
}

async function read(vedette) {
  const [counts] = await vedette.sql(`
    select (select count(*)::int from pg_stat_activity where application_name like 'vedette-%') as connections,
           (select count(*)::int from pg_inherits i join pg_class c on c.oid = i.inhrelid where c.relkind = 'r') as partitions,
           (select coalesce(sum(quantity), 0)::bigint from outcome_hour where outcome = 0 and category = 2) as stored`);
  const { backlogBytes } = await health(vedette);
  return { memory: ownResidentMiB(vedette), backlog: backlogBytes / MIB, files: ownOpenFiles(vedette), ...counts };
}

const COLUMNS = ['minute', 'memory', 'backlog', 'files', 'connections', 'partitions', 'stored'];
const print = (values) => console.log(values.map((value) => String(value).padStart(12)).join(''));
const row = ({ hours, memory, backlog, ...rest }) => ({ minute: (hours * 60).toFixed(1), memory: memory.toFixed(1), backlog: backlog.toFixed(2), ...rest });

async function sampleFor(vedette, milliseconds) {
  const started = Date.now();
  const samples = [];
  print(COLUMNS);
  for (let next = EVERY_MILLISECONDS; next <= milliseconds; next += EVERY_MILLISECONDS) {
    await sleep(started + next - Date.now());
    const sample = { at: new Date(), hours: (Date.now() - started) / 3600000, ...(await read(vedette)) };
    samples.push(sample);
    print(COLUMNS.map((name) => row(sample)[name]));
  }
  return samples;
}

/** [what, whether it is good, figure] each, by the second half of the samples. */
function judge(samples) {
  const half = samples.slice(Math.floor(samples.length / 2));
  const [early, late] = [half.slice(0, Math.ceil(half.length / 2)), half.slice(Math.floor(half.length / 2))];
  const slope = percentPerHour(half.map(({ hours, memory }) => [hours, memory]));
  const grown = (name) => greatest(late.map((sample) => sample[name])) - greatest(early.map((sample) => sample[name]));
  const backlog = mean(late.map((sample) => sample.backlog)) - mean(early.map((sample) => sample.backlog));
  const isNewDay = early[0].at.getUTCDate() !== late.at(-1).at.getUTCDate();
  return [
    ['memory', slope < MEMORY_MOST, `${slope.toFixed(2)} % an hour`],
    ['backlog', backlog < BACKLOG_MOST, `${backlog.toFixed(2)} MiB more`],
    ['files', grown('files') <= FILES_MOST, `${grown('files')} more`],
    ['connections', grown('connections') <= 0, `${grown('connections')} more`],
    ['partitions', grown('partitions') <= 0 || isNewDay, `${grown('partitions')} more${isNewDay ? ', of a new day' : ''}`],
  ];
}

const rate = Number(process.env.RATE || 0) || rateOfHalfTheKnee();
const vedette = await startInstance();
console.log(`${rate} events/s and ${MIXED_PER_SECOND} requests/s of every kind for ${minutes} minutes; memory and backlog in MiB`);
const load = startLoad(vedette, { count: Number.POSITIVE_INFINITY, rate: MIXED_PER_SECOND });
const sending = send(vedette, { rate, seconds: minutes * 60, size: 3072 });
const samples = await sampleFor(vedette, minutes * 60000);
load.stop();
await load.done;
const report = await sending;
const refused = report.refused + report.broken + Object.values(load.refused).reduce((sum, count) => sum + count, 0);
const verdicts = [...judge(samples), ['requests', refused === 0, `${report.accepted + load.accepted} accepted, ${refused} refused`]];
for (const [what, good, figure] of verdicts) console.log(`${good ? 'good' : 'BAD '}  ${what.padEnd(12)} ${figure}`);
await vedette.stop();
process.exitCode = verdicts.every(([, good]) => good) ? 0 : 1;
