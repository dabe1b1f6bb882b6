import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { readStored } from '@/lib/storage.ts';
import { organizationsQuery } from './queries.ts';

/** The organization of the page; on pages without one (account settings), the one visited last. */
export const useOrg = (): string => {
  const { org } = useParams({ strict: false }) as { org?: string };
  const last = readStored<string>('org', '');
  const organizations = useQuery({ ...organizationsQuery(), enabled: !org && !last });
  return org ?? (last || organizations.data?.[0]?.slug || '');
};
