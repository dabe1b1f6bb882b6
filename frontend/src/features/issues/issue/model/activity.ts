import { asRecord, asText, type Json } from '@/lib/json.ts';

/** Something that was done to an issue. */
export type Activity = {
  id: string;
  type: string;
  dateCreated: string;
  user: { id: string; name?: string | null; email?: string | null; username?: string | null } | null;
  data: Json | null;
};

export const noteText = (activity: Activity): string => asText(activity.data?.text) ?? '';

export const actorOf = ({ user }: Activity): string | undefined =>
  asText(user?.name) ?? asText(user?.email) ?? asText(user?.username);

/** Only what somebody wrote can be changed, and only by its writer. */
export const isOwnNote = (activity: Activity, me: string | undefined): boolean =>
  activity.type === 'note' && me !== undefined && activity.user?.id === me;

const assigneeOf = (data: Json | null): string | undefined => {
  const user = asRecord(data?.user);
  return asText(data?.assigneeEmail) ?? asText(user?.name) ?? asText(data?.assignee);
};

/** What a line of the log fills in: a release, a name, a priority. */
export const detailOf = ({ type, data }: Activity): string | undefined => {
  if (type === 'assigned') return assigneeOf(data);
  if (type === 'set_priority') return asText(data?.priority);
  return asText(data?.version) ?? asText(data?.ignoreUntil);
};
