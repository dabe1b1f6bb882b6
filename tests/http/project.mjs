// Projects for tests that change settings, one for each, so that none is in another's way.
import assert from 'node:assert/strict';
import { eventId } from '../harness/instance.mjs';

/** {slug, path, put, target}: put(body, below) changes it, or what lies below; target is where events go. */
export async function makeProject(vedette) {
  const slug = `made-${eventId().slice(0, 12)}`;
  const answer = await vedette.api('/organizations/vedette/projects/', { method: 'POST', body: { name: slug, slug } });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  const path = `/projects/vedette/${slug}/`;
  const [key] = (await vedette.api(`${path}keys/`)).body;
  const put = async (body, below = '') => {
    const changed = await vedette.api(path + below, { method: 'PUT', body });
    assert.ok(changed.status === 200 || changed.status === 204, JSON.stringify(changed.body));
    return changed.body;
  };
  return { slug, path, put, target: { project: answer.body.id, key: key.public } };
}
