// The operator's GeoIP database: absent, put there, replaced, damaged, while events come in.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeGeoip } from '../harness/geoip.mjs';
import { startInstance, until } from '../harness/instance.mjs';

const PLACES = [
  ['2.125.160.216/29', 'GB', 'United Kingdom', 'Boxford', 'England'],
  ['89.160.20.112/28', 'SE', 'Sverige', 'Linköping', ''],
  ['2001:218::/32', 'JP', 'Japan', '', ''],
];

const COMPLAINT = 'the GeoIP database cannot be read';

describe('the GeoIP database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-geoip.'));
  const file = join(folder, 'city.mmdb');
  let vedette;

  before(async () => {
    chmodSync(folder, 0o755); // for the owner of the processes
    vedette = await startInstance({ settings: { geoip_database: file } });
  });
  after(async () => {
    await vedette?.stop();
    rmSync(folder, { recursive: true });
  });

  /** The user of an event, as it is stored. */
  async function stored(user) {
    const { id } = await vedette.envelope([[{ type: 'event' }, { message: 'x', user }]]);
    const { organization, project } = vedette.credentials;
    const path = `/projects/${organization}/${project}/events/${id}/json/`;
    const { body } = await until(async () => {
      const answer = await vedette.api(path);
      return answer.status === 200 && answer;
    });
    return body.user;
  }
  const geoOf = async (ip_address) => (await stored({ ip_address })).geo ?? null;
  const untilGeo = (ip_address, wanted) =>
    until(
      async () => {
        assert.deepEqual(await geoOf(ip_address), wanted);
        return true;
      },
      { what: 'the place', every: 300 },
    );

  test('is absent: events have no place, and the log says why once', async () => {
    assert.equal(await geoOf('2.125.160.216'), null);
    assert.equal(vedette.log('worker').split(COMPLAINT).length, 2);
  });

  test('is put there: events have one', async () => {
    writeGeoip(file, PLACES);
    await untilGeo('2.125.160.216', { country_code: 'GB', city: 'Boxford', subdivision: 'England', region: 'United Kingdom' });
    assert.deepEqual(await geoOf('89.160.20.113'), { country_code: 'SE', city: 'Linköping', region: 'Sverige' });
    assert.deepEqual(await geoOf('2001:218::1'), { country_code: 'JP', region: 'Japan' });
    assert.equal(await geoOf('89.160.21.1'), null);
    assert.equal(await geoOf('127.0.0.1'), null);
  });

  test('does not know better than the SDK', async () => {
    const { geo } = await stored({ ip_address: '2.125.160.216', geo: { city: 'Reading' } });
    assert.deepEqual(geo, { city: 'Reading' });
  });

  test('is replaced: events have the new place; damaged: they keep it', async () => {
    writeGeoip(file, [['2.125.160.216/29', 'FR', 'France', '', '']]);
    await untilGeo('2.125.160.216', { country_code: 'FR', region: 'France' });
    writeFileSync(`${file}.new`, 'no database', { mode: 0o644 });
    renameSync(`${file}.new`, file);
    await until(
      async () => {
        assert.deepEqual(await geoOf('2.125.160.216'), { country_code: 'FR', region: 'France' });
        return vedette.log('worker').split(COMPLAINT).length === 3;
      },
      { what: 'the complaint', every: 300 },
    );
  });
});
