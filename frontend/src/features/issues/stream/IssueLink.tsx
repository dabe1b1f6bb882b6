import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Issue } from '@/api/types.ts';
import { issuesRoute } from '../routes.ts';

/** A link to an issue; it carries the page filters of the list along. Not a tab stop: the grid is one. */
export function IssueLink({
  issue,
  className,
  children,
}: {
  issue: Issue;
  className: string | undefined;
  children: ReactNode;
}) {
  const { org } = issuesRoute.useParams();
  return (
    <Link
      to="/organizations/$org/issues/$issueId/"
      params={{ org, issueId: issue.id }}
      search={({ project, environment, statsPeriod, start, end, utc }) => ({
        project,
        environment,
        statsPeriod,
        start,
        end,
        utc,
      })}
      className={className}
      tabIndex={-1}
      data-test-id="issue-link"
    >
      {children}
    </Link>
  );
}
