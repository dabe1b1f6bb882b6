import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import type { Issue } from '@/api/types.ts';
import { globalPart } from '@/lib/routing/globalSearch.schema.ts';
import { issuePath } from '@/lib/routing/links.ts';
import { queryString } from '@/lib/url.ts';
import { type IssuesSearch, issuesRoute } from '../routes.ts';

/** The address of an issue; it carries the page filters of the list along. */
export const issueHref = (org: string, issue: string, search: IssuesSearch): string =>
  issuePath(org, issue) + queryString(globalPart(search));

/**
 * A link to an issue. Not a tab stop: the grid is one. A plain anchor, because a row must be cheap: the router's own link
 * watches every change of the address.
 */
export function IssueLink({
  issue,
  className,
  children,
}: {
  issue: Issue;
  className: string | undefined;
  children: ReactNode;
}) {
  const router = useRouter();
  const { org } = issuesRoute.useParams();
  const href = issueHref(org, issue.id, issuesRoute.useSearch());
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    router.history.push(href);
  };
  return (
    <a href={href} className={className} tabIndex={-1} data-test-id="issue-link" onClick={follow}>
      {children}
    </a>
  );
}
