/** Every address of the interface that is not written as a typed <Link>, built in one place. */
export const issuePath = (org: string, issue: string): string =>
  `/organizations/${encodeURIComponent(org)}/issues/${encodeURIComponent(issue)}/`;

export const eventPath = (org: string, issue: string, event: string): string =>
  `${issuePath(org, issue)}events/${encodeURIComponent(event)}/`;
