import { ArrowDown, ArrowUp } from 'lucide-react';
import { keysOf } from '@/lib/actions/registry.ts';
import { useAction } from '@/lib/actions/useActions.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useStore } from '@/lib/store.ts';
import { IconButton } from '@/ui/IconButton.tsx';
import { trail } from '../trail.ts';
import c from './TrailSteps.module.css';

const t = defineMessages({ place: '{at} of {n}', label: 'Place in the list' });

function Step({ id, icon }: { id: string; icon: typeof ArrowUp }) {
  const action = useAction(id);
  if (!action) return null;
  return (
    <IconButton
      size="sm"
      label={action.label}
      icon={icon}
      keys={keysOf(action)[0]}
      isDisabled={!(action.enabled?.() ?? true)}
      onPress={action.run}
    />
  );
}

/** Where one is in the list one came from; absent when the issue was opened by itself. */
export function TrailSteps({ id }: { id: string }) {
  const { ids } = useStore(trail);
  const at = ids.indexOf(id);
  if (at < 0) return null;
  return (
    <fieldset className={c.steps} aria-label={t('label')}>
      <span className="num">{t('place', { at: at + 1, n: ids.length })}</span>
      <Step id="issue-previous" icon={ArrowUp} />
      <Step id="issue-next" icon={ArrowDown} />
    </fieldset>
  );
}
