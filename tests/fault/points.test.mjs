// One death at each fault point of the road from the log to the database.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { startInstance } from '../harness/instance.mjs';
import { checkBooks } from './books.mjs';
import { startLoad } from './load.mjs';

describe('a death at each fault point', () => {
  const points = [
    ['after_append', 'after a record is in the log, before it is synced'],
    ['before_sync', 'before the group is synced'],
    ['after_sync', 'after the group is synced, before anybody is answered'],
    ['before_commit', 'before a batch is committed'],
    ['after_commit', 'after a batch is committed, before the digest knows'],
  ];
  for (const [point, words] of points) {
    test(words, async () => {
      const once = join(mkdtempSync(join(tmpdir(), 'vedette-fault.')), 'armed');
      writeFileSync(once, '');
      chmodSync(dirname(once), 0o777);
      const vedette = await startInstance({ environment: { VEDETTE_FAULT: `${point}:3`, VEDETTE_FAULT_ONCE: once } });
      const load = startLoad(vedette, { count: 400, rate: 200 });
      await load.done;
      await checkBooks(vedette, load);
      assert.equal(existsSync(once), false, 'the fault point was reached');
      rmSync(dirname(once), { recursive: true });
      await vedette.stop();
    });
  }
});
