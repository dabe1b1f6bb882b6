// Every page of the app, and what can stand over one: [name, address or steps].  `fill` gives them something to show.
import { until } from '../harness/instance.mjs';
import { settled, T } from './browser.mjs';
import * as events from './events.mjs';

const ISSUES = '/organizations/vedette/issues/';
const PAYMENTS = 12;
/** Caps to look at, of which the events come nowhere near. */
const CAPS = [[['error'], 'day', 5000, null], [['attachment'], 'month', 2 ** 31, null], [['session'], 'minute', 0, 'app']];
/** Parts of a page are loaded after it; between one and the next nothing is asked for this long. */
const QUIET_MS = 300;

/** Sends events of every kind, over the last hours; resolves to the ids that addresses need. */
export async function fill(vedette) {
  for (const [categories, period, limit, project] of CAPS)
    await vedette.api('/organizations/vedette/quotas/', { method: 'POST', body: { project, categories, period, limit } });
  const many = [];
  for (let i = 0; i < PAYMENTS; i++) many.push(events.payment(30 + i * 1500, 3 + (i % 5)));
  for (let i = 0; i < 6; i++) many.push(events.minified(45 + i * 3700, 20 + i));
  many.push(events.warning(90), events.warning(7000), events.crash(120));
  for (const event of many) await vedette.store(event);
  const idOf = (words) =>
    until(async () => (await vedette.api(`${ISSUES}?query=${encodeURIComponent(words)}`)).body[0]?.id, { seconds: 30, what: `the issue "${words}"` });
  const payment = await idOf('"no answer from acme-pay"');
  await until(async () => (await vedette.api(`/issues/${payment}/`)).body.count === String(PAYMENTS), { seconds: 30, what: 'the digest of the events' });
  const project = vedette.credentials.project;
  const [key] = (await vedette.api(`/projects/vedette/${project}/keys/`)).body;
  await until(async () => (await vedette.api(`/issues/${payment}/tags/payment.method/`)).status === 200);
  const [minified, crash, message] = await Promise.all(['"e.items.map"', '"Java heap space"', '"stock of A-17"'].map(idOf));
  return { project, key: key.id, payment, minified, crash, message };
}

/** Goes to an address and waits until everything of it is there. */
export const visit = async (page, address) => {
  await page.goto(address);
  await page.locator(':is(h1, h2, [data-test-id=grid]):visible').first().waitFor();
  await settled(page, QUIET_MS);
};

const onIssues = (steps) => async (page) => {
  await visit(page, ISSUES);
  await page.locator(T('issue-link')).first().waitFor();
  await steps(page);
  await settled(page);
};

const onRules = (project, steps) => async (page) => {
  await visit(page, `/settings/vedette/projects/${project}/security-and-privacy/`);
  await steps(page);
  await settled(page);
};

const onLimits = (project) => async (page) => {
  await visit(page, `/settings/vedette/projects/${project}/limits/`);
  const protection = page.locator(T('spike-protection'));
  if (!(await protection.isChecked())) await protection.click();
  await page.locator(T('threshold')).first().waitFor();
  await settled(page);
};

/** Pages by name; a function does more than opening an address. */
export const routes = ({ project, key, payment, minified, crash, message }) => ({
  issues: ISSUES,
  'issues-found': `${ISSUES}?query=level:fatal&sort=freq&statsPeriod=24h`,
  'issues-none': `${ISSUES}?query=nothing-is-called-so`,
  'issues-chosen': onIssues(async (page) => {
    for (const chord of ['x', 'j', 'x']) await page.keyboard.press(chord);
    await page.locator(T('bulk-bar')).waitFor();
  }),
  issue: `${ISSUES}${payment}/`,
  'issue-minified': `${ISSUES}${minified}/`,
  'issue-threads': `${ISSUES}${crash}/`,
  'issue-message': `${ISSUES}${message}/`,
  'issue-events': `${ISSUES}${payment}/events/`,
  'issue-tags': `${ISSUES}${payment}/distributions/`,
  'issue-tag': `${ISSUES}${payment}/distributions/payment.method/`,
  projects: '/organizations/vedette/projects/',
  usage: '/organizations/vedette/stats/',
  'project-new': '/organizations/vedette/projects/new/',
  'project-start': `/organizations/vedette/projects/${project}/getting-started/?platform=python`,
  onboarding: '/onboarding/vedette/',
  account: '/settings/account/details/',
  security: '/settings/account/security/',
  tokens: '/settings/account/api/auth-tokens/',
  'token-new': '/settings/account/api/auth-tokens/new-token/',
  organization: '/settings/vedette/',
  'organization-projects': '/settings/vedette/projects/',
  members: '/settings/vedette/members/',
  teams: '/settings/vedette/teams/',
  'organization-privacy': '/settings/vedette/security-and-privacy/',
  'organization-limits': '/settings/vedette/limits/',
  'project-settings': `/settings/vedette/projects/${project}/`,
  filters: `/settings/vedette/projects/${project}/filters/`,
  privacy: `/settings/vedette/projects/${project}/security-and-privacy/`,
  'privacy-rules': onRules(project, async (page) => {
    await page.click(T('rule-add'));
    await page.locator(T('rule')).getByLabel('with', { exact: true }).selectOption('email');
    await page.locator(`${T('preview')} ins`).first().waitFor();
    await page.locator(T('rules')).evaluate((form) => form.scrollIntoView());
  }),
  'project-limits': onLimits(project),
  keys: `/settings/vedette/projects/${project}/keys/`,
  key: `/settings/vedette/projects/${project}/keys/${key}/`,
  missing: '/no/such/page/',
  palette: onIssues(async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator(T('palette')).waitFor();
  }),
  shortcuts: onIssues(async (page) => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  }),
  suggestions: onIssues(async (page) => {
    await page.click(T('query'));
    await page.keyboard.type(' ');
    await page.locator(T('suggestions')).waitFor();
  }),
  period: onIssues(async (page) => {
    await page.click(T('filter-time'));
    await page.locator(T('period-24h')).waitFor();
  }),
});

export const open = (page, route) => (typeof route === 'function' ? route(page) : visit(page, route));
