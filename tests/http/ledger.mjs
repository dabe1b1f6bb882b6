// The books of an instance, as its database has them: what must add up whatever happened before.
import assert from 'node:assert/strict';

const issueSums = `
  select s.project_id, s.issue_id, s.times_seen, s.users_seen,
         (select count(*) from event e where e.project_id = s.project_id and e.issue_id = s.issue_id) as events,
         (select count(*) from event e join event_body b using (project_id, event_id, received_day)
           where e.project_id = s.project_id and e.issue_id = s.issue_id) as bodies,
         (select count(distinct user_hash) from event e where e.project_id = s.project_id and e.issue_id = s.issue_id) as people,
         (select count(*) from issue_user u where u.project_id = s.project_id and u.issue_id = s.issue_id) as user_rows,
         (select coalesce(sum(events), 0) from issue_hour h where h.project_id = s.project_id and h.issue_id = s.issue_id) as hours,
         (select coalesce(sum(events), 0) from issue_day d where d.project_id = s.project_id and d.issue_id = s.issue_id) as days
    from issue_stat s`;

/** Per issue: event rows = bodies = times seen = both rollups; users = people counted one by one. */
export async function checkIssues(vedette) {
  const issues = await vedette.sql(issueSums);
  for (const issue of issues) {
    const { project_id, issue_id, times_seen, users_seen, ...sums } = issue;
    const expected = { events: times_seen, bodies: times_seen, hours: times_seen, days: times_seen, people: users_seen, user_rows: users_seen };
    assert.deepEqual(sums, expected, `project ${project_id}, issue ${issue_id}`);
  }
  const [{ orphans }] = await vedette.sql(`
    select count(*) as orphans from event e
     where not exists (select from issue i where i.project_id = e.project_id and i.id = e.issue_id)`);
  assert.equal(orphans, 0, 'every event belongs to an issue');
  return issues;
}

/** Outcomes by hour and by day tell the same; returns {category/outcome/reason: quantity} over all projects. */
export async function checkOutcomes(vedette) {
  const read = (table) =>
    vedette.sql(`select category, outcome, reason, sum(quantity)::bigint as quantity from ${table} group by 1, 2, 3 order by 1, 2, 3`);
  const [hours, days] = [await read('outcome_hour'), await read('outcome_day')];
  assert.deepEqual(hours, days);
  return hours;
}

/** Outcomes over all hours and keys, as a person reads them: {"project|category|outcome|reason": quantity}, sorted. */
export async function countsOf(vedette) {
  const rows = await vedette.sql(`
    select concat_ws('|', project, category, outcome, reason) as name, sum(quantity)::bigint as quantity from view_outcome group by 1`);
  return Object.fromEntries(rows.map(({ name, quantity }) => [name, quantity]).sort());
}

/** Event ids the database holds, 32 hex digits each, by project; of those for which the condition holds. */
export async function storedEvents(vedette, condition = 'true') {
  const rows = await vedette.sql(`select project_id, replace(event_id::text, '-', '') as id from event where ${condition}`);
  return new Set(rows.map((row) => `${row.project_id}/${row.id}`));
}

/** Waits until the digest has read every log to its end: no accepted byte is unread. */
export async function drained(vedette) {
  const rows = await vedette.api('/organizations/vedette/ingest-health/');
  return rows.body.backlogBytes === 0;
}
