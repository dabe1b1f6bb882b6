import { defineMessages } from '@/lib/i18n/t.ts';
import { Badge, type Tone } from './Badge.tsx';

const t = defineMessages({
  new: 'new',
  regressed: 'regressed',
  escalating: 'escalating',
  resolved: 'resolved',
  archived: 'archived',
});

const tones = {
  new: 'info',
  regressed: 'warning',
  escalating: 'error',
  resolved: 'success',
  archived: 'neutral',
} as const;

const stateOf = (status: string, substatus: string | null): keyof typeof tones | undefined => {
  if (status === 'resolved') return 'resolved';
  if (status === 'ignored') return 'archived';
  return substatus === 'new' || substatus === 'regressed' || substatus === 'escalating' ? substatus : undefined;
};

/** The state of an issue when there is something to say; an ongoing one has no tag. */
export function StateTag({ status, substatus }: { status: string; substatus: string | null }) {
  const state = stateOf(status, substatus);
  return state ? <Badge tone={tones[state] satisfies Tone}>{t(state)}</Badge> : null;
}
