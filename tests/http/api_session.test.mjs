// Who asks the web API: signing in and out, cookies, the CSRF token, user tokens, limits, and how refusals look.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startInstance } from '../harness/instance.mjs';

const WRONG = 'The e-mail or password is not correct.';
const NOBODY = 'Authentication credentials were not provided.';
const FORBIDDEN = 'You do not have permission to perform this action.';
const CSRF = 'The CSRF token is missing or incorrect. Reload the page.';
const MISSING = 'The requested resource does not exist';

/** The cookies an answer sets, by name: {value, attributes}. */
function cookiesOf(answer) {
  return Object.fromEntries(
    answer.headers.getSetCookie().map((line) => {
      const [pair, ...attributes] = line.split('; ');
      const [name, value] = pair.split('=');
      return [name, { value, attributes: attributes.sort() }];
    }),
  );
}

const cookieHeader = (cookies) => Object.entries(cookies).map(([name, { value }]) => `${name}=${value}`).join('; ');

function refused(answer, status, detail) {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.deepEqual(answer.body, { detail });
}

describe('the web API, asked by people and their programs', () => {
  let vedette;
  before(async () => (vedette = await startInstance()));
  after(() => vedette?.stop());

  /** A browser that has loaded the sign-in page: its cookies, and the token they hold. */
  async function visitor() {
    const cookies = cookiesOf(await vedette.api('/auth/config/', { token: null }));
    return { cookie: cookieHeader(cookies), 'x-csrftoken': cookies.csrf.value };
  }

  const attempt = (body, headers) => vedette.api('/auth/login/', { method: 'POST', token: null, headers, body });
  const asked = (path, headers, options = {}) => vedette.api(path, { token: null, headers, ...options });

  describe('signing in', () => {
    test('the sign-in page gets a CSRF cookie that scripts can read, once', async () => {
      const first = await vedette.api('/auth/config/', { token: null });
      assert.deepEqual(Object.keys(first.body), ['publicUrl', 'version', 'canRegister', 'needsLogin']);
      assert.equal(first.body.publicUrl, vedette.url);
      assert.equal(first.body.needsLogin, true);
      const { csrf } = cookiesOf(first);
      assert.match(csrf.value, /^[0-9a-f]{64}$/);
      assert.deepEqual(csrf.attributes, ['Path=/', 'SameSite=Lax']);
      const again = await asked('/auth/config/', { cookie: `csrf=${csrf.value}` });
      assert.deepEqual(again.headers.getSetCookie(), []);
    });

    test('an unknown account and a wrong password get the same answer', async () => {
      const headers = await visitor();
      const wrong = await attempt({ username: vedette.credentials.email, password: 'not it' }, headers);
      const unknown = await attempt({ username: 'nobody@example.com', password: 'not it' }, headers);
      refused(wrong, 400, WRONG);
      refused(unknown, 400, WRONG);
      assert.deepEqual(wrong.headers.getSetCookie(), []);
    });

    test('a field that is missing is named', async () => {
      const answer = await attempt({ username: 'ada@example.com' }, await visitor());
      assert.equal(answer.status, 400);
      assert.deepEqual(answer.body, { password: ['This field is required.'] });
    });

    test('without the CSRF token, or with another, nobody signs in', async () => {
      const { email, password } = vedette.credentials;
      const { cookie } = await visitor();
      refused(await attempt({ username: email, password }, {}), 403, CSRF);
      refused(await attempt({ username: email, password }, { cookie }), 403, CSRF);
      refused(await attempt({ username: email, password }, { cookie, 'x-csrftoken': 'f'.repeat(64) }), 403, CSRF);
    });

    test('the session cookie is hidden from scripts, and both end with the browser', async () => {
      const { email, password } = vedette.credentials;
      const answer = await attempt({ username: email, password }, await visitor());
      assert.equal(answer.status, 200);
      assert.equal(answer.body.user.email, email);
      assert.equal(answer.body.nextUri, null);
      const cookies = cookiesOf(answer);
      assert.deepEqual(cookies.vedette_session.attributes, ['HttpOnly', 'Path=/', 'SameSite=Lax']);
      assert.deepEqual(cookies.csrf.attributes, ['Path=/', 'SameSite=Lax']);
      assert.notEqual(cookies.csrf.value, cookies.vedette_session.value);
    });

    test('a remembered session has an end of its own', async () => {
      const { email, password } = vedette.credentials;
      const cookies = cookiesOf(await attempt({ username: email, password, remember: true }, await visitor()));
      assert.ok(cookies.vedette_session.attributes.includes('Max-Age=1209600'));
    });

    test('the e-mail is read without regard to capitals', async () => {
      const { status } = await vedette.signIn(vedette.credentials.email.toUpperCase());
      assert.equal(status, 200);
    });

    test('signing out ends the session for good and clears both cookies', async () => {
      const { headers } = await vedette.signIn();
      assert.equal((await asked('/auth/', headers)).body.email, vedette.credentials.email);
      const left = await asked('/auth/', headers, { method: 'DELETE' });
      assert.equal(left.status, 204);
      for (const cookie of Object.values(cookiesOf(left))) {
        assert.equal(cookie.value, '');
        assert.ok(cookie.attributes.includes('Max-Age=0'));
      }
      refused(await asked('/auth/', headers), 401, NOBODY);
    });

    test('a sign-in ends the session the browser had before', async () => {
      const { email, password } = vedette.credentials;
      const { headers } = await vedette.signIn();
      assert.equal((await attempt({ username: email, password }, headers)).status, 200);
      refused(await asked('/auth/', headers), 401, NOBODY);
    });
  });

  describe('changes by a browser', () => {
    test('need the CSRF token of that very session', async () => {
      const { headers } = await vedette.signIn();
      const other = (await vedette.signIn()).headers;
      const rename = (given) => asked('/users/me/', given, { method: 'PUT', body: { name: 'Ada' } });
      refused(await rename({ cookie: headers.cookie }), 403, CSRF);
      refused(await rename({ ...headers, 'x-csrftoken': '' }), 403, CSRF);
      refused(await rename({ ...headers, 'x-csrftoken': other['x-csrftoken'] }), 403, CSRF);
      // A cookie planted beside the session is worth nothing: the token comes from the session.
      const planted = 'a'.repeat(64);
      const cookie = headers.cookie.replace(/csrf=\w+/, `csrf=${planted}`);
      refused(await rename({ cookie, 'x-csrftoken': planted }), 403, CSRF);
      const renamed = await rename(headers);
      assert.equal(renamed.status, 200);
      assert.equal(renamed.body.name, 'Ada');
    });

    test('reading needs none', async () => {
      const { headers } = await vedette.signIn();
      assert.equal((await asked('/users/me/', { cookie: headers.cookie })).status, 200);
    });

    test('options are kept, unknown ones dropped, wrong values refused', async () => {
      const { headers } = await vedette.signIn();
      const put = (options) => asked('/users/me/', headers, { method: 'PUT', body: { options } });
      assert.equal((await put({ theme: 'dark', density: 'compact', nonsense: 1 })).status, 200);
      const { options } = (await asked('/users/me/', headers)).body;
      assert.equal(options.theme, 'dark');
      assert.equal(options.density, 'compact');
      assert.equal('nonsense' in options, false);
      const wrong = await put({ theme: 'pink' });
      assert.equal(wrong.status, 400);
      assert.deepEqual(wrong.body, { options: ['Not a valid value of theme.'] });
    });
  });

  describe('user tokens', () => {
    const create = (headers, body) => asked('/api-tokens/', headers, { method: 'POST', body });

    test('are shown once, work within their scopes, and end when they are revoked', async () => {
      const { headers } = await vedette.signIn();
      const made = await create(headers, { name: 'reader', scopes: ['org:read', 'event:read'] });
      assert.equal(made.status, 201);
      const { id, token } = made.body;
      assert.match(token, /^sntryu_[0-9a-f]{64}$/);
      assert.equal(made.body.tokenLastCharacters, token.slice(-4));
      const listed = (await asked('/api-tokens/', headers)).body.find((each) => each.id === id);
      assert.equal(listed.name, 'reader');
      assert.deepEqual(listed.scopes.sort(), ['event:read', 'org:read']);
      assert.equal('token' in listed && listed.token !== null, false);

      assert.equal((await vedette.api('/organizations/vedette/issues/', { token })).status, 200);
      const change = { method: 'PUT', body: { status: 'resolved' }, token };
      refused(await vedette.api('/organizations/vedette/issues/?id=1', change), 403, FORBIDDEN);
      refused(await vedette.api('/api-tokens/', { token }), 403, FORBIDDEN);
      const root = (await vedette.api('/', { token })).body;
      assert.deepEqual(root.auth.scopes.sort(), ['event:read', 'org:read']);
      assert.equal(root.user.email, vedette.credentials.email);

      assert.equal((await asked(`/api-tokens/${id}/`, headers, { method: 'DELETE' })).status, 204);
      refused(await vedette.api('/organizations/vedette/issues/', { token }), 401, 'Invalid token');
      refused(await asked(`/api-tokens/${id}/`, headers, { method: 'DELETE' }), 404, MISSING);
    });

    test('can be renamed, narrowed, and revoked by naming them in the body', async () => {
      const { headers } = await vedette.signIn();
      const { id } = (await create(headers, { name: 'first', scopes: ['org:read', 'project:read'] })).body;
      const renamed = await asked(`/api-tokens/${id}/`, headers, { method: 'PUT', body: { name: 'second', scopes: ['org:read'] } });
      assert.equal(renamed.status, 200);
      assert.equal(renamed.body.name, 'second');
      assert.deepEqual(renamed.body.scopes, ['org:read']);
      assert.equal((await asked('/api-tokens/', headers, { method: 'DELETE', body: { tokenId: id } })).status, 204);
      refused(await asked(`/api-tokens/${id}/`, headers), 404, MISSING);
    });

    test('need scopes that exist', async () => {
      const { headers } = await vedette.signIn();
      assert.deepEqual((await create(headers, { name: 'x', scopes: ['no:such'] })).body, { scopes: ['There is no scope "no:such".'] });
      assert.equal((await create(headers, { name: 'x', scopes: [] })).status, 400);
    });

    for (const token of ['sntryu_' + '0'.repeat(64), 'sntryu_short', 'nonsense', '']) {
      test(`a token "${token.slice(0, 12)}" that is none is refused, and no page made public by it`, async () => {
        const headers = { authorization: `Bearer ${token}` };
        refused(await asked('/organizations/vedette/issues/', headers), 401, 'Invalid token');
        refused(await asked('/', headers), 401, 'Invalid token');
      });
    }

    test('a change by a token needs no CSRF token, whatever cookies come with it', async () => {
      const { headers } = await vedette.signIn();
      const body = { name: 'By token', platform: 'go' };
      const made = await vedette.api('/organizations/vedette/projects/', { method: 'POST', headers: { cookie: headers.cookie }, body });
      assert.equal(made.status, 201, JSON.stringify(made.body));
    });
  });

  describe('refusals', () => {
    test('nobody gets 401 before anything is looked up', async () => {
      for (const path of ['/organizations/', '/organizations/vedette/', '/organizations/no-such/', '/projects/vedette/no-such/', '/issues/999999/'])
        refused(await vedette.api(path, { token: null }), 401, NOBODY);
    });

    test('what does not exist gets 404, in the same words everywhere', async () => {
      for (const path of ['/organizations/no-such/', '/organizations/no-such/issues/', '/projects/vedette/no-such/', '/issues/999999/', '/organizations/vedette/issues/NONE-1/'])
        refused(await vedette.api(path), 404, MISSING);
    });

    test('a path that is no route says so', async () => {
      const answer = await vedette.api('/no/such/route/');
      assert.equal(answer.status, 404);
      assert.deepEqual(answer.body, { detail: MISSING, info: 'Route not found, did you forget a trailing slash?' });
    });

    test('a method that is not served is named among those that are', async () => {
      const answer = await vedette.api('/organizations/vedette/', { method: 'DELETE' });
      refused(answer, 405, 'This method is not allowed here.');
      assert.equal(answer.headers.get('allow'), 'GET, HEAD, PUT, OPTIONS');
    });

    test('a slash that is missing at the end changes nothing', async () => {
      const [without, within] = await Promise.all([vedette.api('/organizations/vedette'), vedette.api('/organizations/vedette/')]);
      assert.equal(without.status, 200);
      assert.deepEqual(without.body, within.body);
    });

    test('a body that is no JSON is refused', async () => {
      const answer = await vedette.fetch('/api/0/organizations/vedette/', {
        method: 'PUT',
        headers: { authorization: `Bearer ${vedette.credentials.token}`, 'content-type': 'application/json' },
        body: '{"name": ',
      });
      assert.equal(answer.status, 400);
      assert.match((await answer.json()).detail, /JSON/);
    });

    test('nothing of the web API is kept by caches', async () => {
      const { headers } = await vedette.api('/organizations/vedette/');
      assert.equal(headers.get('cache-control'), 'private, no-store');
      assert.match(headers.get('x-request-id'), /^\S{8,}$/);
    });

    test('other sites may use a token, not the cookies', async () => {
      const foreign = await vedette.api('/', { headers: { origin: 'https://elsewhere.example' } });
      assert.equal(foreign.headers.get('access-control-allow-origin'), 'https://elsewhere.example');
      assert.equal(foreign.headers.get('access-control-allow-credentials'), null);
      const asking = await vedette.api('/organizations/vedette/', { method: 'OPTIONS', token: null });
      assert.equal(asking.status, 200);
      assert.match(asking.headers.get('access-control-allow-headers'), /Authorization/);
    });
  });

  test('the password is changed once the present one is given; other sessions end, the first credentials go', async () => {
    const { email, password } = vedette.credentials;
    const mine = (await vedette.signIn()).headers;
    const elsewhere = (await vedette.signIn()).headers;
    const change = (body) => asked('/users/me/password/', mine, { method: 'PUT', body });
    const fresh = 'a much longer password';
    assert.deepEqual((await change({ password: 'not it', passwordNew: fresh, passwordVerify: fresh })).body, {
      password: ['The password is not correct.'],
    });
    assert.deepEqual((await change({ password, passwordNew: fresh, passwordVerify: 'another' })).body, {
      passwordVerify: ['The passwords differ.'],
    });
    assert.equal((await change({ password, passwordNew: fresh, passwordVerify: fresh })).status, 204);
    assert.equal(existsSync(join(vedette.dir, 'data/credentials.json')), false);
    assert.equal((await asked('/auth/', mine)).status, 200);
    refused(await asked('/auth/', elsewhere), 401, NOBODY);
    assert.equal((await vedette.signIn(email, password)).status, 400);
    assert.equal((await vedette.signIn(email, fresh)).status, 200);
  });
});

describe('limits', () => {
  let vedette;
  before(async () => (vedette = await startInstance({ settings: { api_requests_per_second: 5, public_url: 'https://errors.example.com' } })));
  after(() => vedette?.stop());

  test('every answer says what is left; more than that gets 429 until it is given back', async () => {
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await vedette.api('/organizations/vedette/'));
    const [first] = answers;
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('x-sentry-rate-limit-limit'), '5');
    assert.equal(first.headers.get('x-sentry-rate-limit-remaining'), '4');
    assert.ok(Number(first.headers.get('x-sentry-rate-limit-reset')) >= Date.now() / 1000 - 1);
    const busy = answers.find(({ status }) => status === 429);
    refused(busy, 429, 'Too many requests. Wait a second.');
    assert.equal(busy.headers.get('retry-after'), '1');
    assert.equal(busy.headers.get('x-sentry-rate-limit-remaining'), '0');
    // Another caller has a budget of their own.
    assert.equal((await vedette.api('/auth/config/', { token: null })).status, 200);
  });

  test('behind TLS the cookies are secure and bound to the host', async () => {
    await new Promise((done) => setTimeout(done, 1000));
    const answer = await vedette.api('/auth/config/', { token: null });
    assert.deepEqual(cookiesOf(answer)['__Host-csrf'].attributes, ['Path=/', 'SameSite=Lax', 'Secure']);
  });

  test('guessing a password is slowed down, for the right one too', async () => {
    const guess = 'e'.repeat(64);
    const headers = { cookie: `__Host-csrf=${guess}`, 'x-csrftoken': guess };
    const body = { username: vedette.credentials.email, password: 'not it' };
    const statuses = [];
    let last;
    while (statuses.length < 60 && last?.body?.detail !== 'Too many attempts to sign in. Wait a little and try again.') {
      last = await vedette.api('/auth/login/', { method: 'POST', token: null, headers, body });
      if (last.body.detail === 'Too many requests. Wait a second.') await new Promise((done) => setTimeout(done, 400));
      else statuses.push(last.status);
    }
    assert.deepEqual(statuses, [...Array(20).fill(400), 429]);
    assert.ok(Number(last.headers.get('retry-after')) >= 1);
  });
});
