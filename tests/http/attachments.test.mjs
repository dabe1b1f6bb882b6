// Files of events from an SDK's envelope to a browser's download: small ones from the database, large ones by nginx.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startInstance, until } from '../harness/instance.mjs';

const LARGE = Buffer.alloc(400_000, 'large ');

describe('files of an event', () => {
  let vedette;
  let files;
  let where;
  before(async () => {
    vedette = await startInstance();
    const attachment = (filename, bytes, type) => [{ type: 'attachment', filename, content_type: type }, bytes];
    const { id } = await vedette.envelope([
      [{ type: 'event' }, { message: 'with files' }],
      attachment('small.html', Buffer.from('<script>alert(1)</script>'), 'text/html'),
      attachment('large.bin', LARGE, 'application/x-large'),
    ]);
    where = `/projects/vedette/${vedette.credentials.project}/events/${id}/attachments/`;
    files = await until(async () => {
      const { body } = await vedette.api(where);
      return body.length === 2 && Object.fromEntries(body.map((file) => [file.name, file]));
    });
  });
  after(() => vedette?.stop());

  const download = (file, headers = {}) =>
    vedette.fetch(`/api/0${where}${file.id}/?download=1`, { headers: { authorization: `Bearer ${vedette.credentials.token}`, ...headers } });

  /** Whatever a stranger sent, a browser runs nothing of it. */
  const isSafe = (answer, name) => {
    assert.equal(answer.headers.get('content-disposition'), `attachment; filename*=UTF-8''${name}`);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-security-policy'), /^sandbox/);
  };

  test('a small one is handed out as it came', async () => {
    const answer = await download(files['small.html']);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), '<script>alert(1)</script>');
    isSafe(answer, 'small.html');
  });

  test('a large one comes from the blob store, in parts too', async () => {
    const answer = await download(files['large.bin']);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/x-large');
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(LARGE));
    isSafe(answer, 'large.bin');
    const part = await download(files['large.bin'], { range: 'bytes=6-10' });
    assert.deepEqual([part.status, await part.text()], [206, 'large']);
  });

  test('the blob store is closed to everybody else', async () => {
    const [{ name }] = await vedette.sql('select name from blob');
    assert.equal((await vedette.fetch(`/blobs/${name.slice(0, 2)}/${name.slice(2)}`)).status, 404);
    assert.equal((await vedette.fetch(`/api/0${where}${files['large.bin'].id}/?download=1`)).status, 401);
  });

  test('what is deleted is gone', async () => {
    assert.equal((await vedette.api(`${where}${files['large.bin'].id}/`, { method: 'DELETE' })).status, 204);
    assert.equal((await download(files['large.bin'])).status, 404);
    assert.deepEqual(await vedette.sql('select reference_count from blob'), [{ reference_count: 0 }]);
  });
});
