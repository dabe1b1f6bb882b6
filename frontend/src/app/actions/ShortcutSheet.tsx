import { useSyncExternalStore } from 'react';
import { type Action, keysOf, registry } from '@/lib/actions/registry.ts';
import { groupBy } from '@/lib/group.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { preferences, usePreferences } from '@/lib/preferences.ts';
import { Dialog } from '@/ui/Dialog.tsx';
import { Kbd } from '@/ui/Kbd.tsx';
import { Switch } from '@/ui/Switch.tsx';
import c from './ShortcutSheet.module.css';

const t = defineMessages({
  title: 'Keyboard shortcuts',
  singleKeys: 'Single-key shortcuts',
  help: 'When off, only combinations with Ctrl or ⌘ work.',
});

const byGroup = (actions: readonly Action[]): [string, Action[]][] => [
  ...groupBy(
    actions.filter((action) => action.keys !== undefined),
    (action) => action.group,
  ),
];

/** Every shortcut that works on this page, read from the same registry that runs them. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const actions = useSyncExternalStore(registry.subscribe, registry.all);
  const { singleKeys } = usePreferences();
  return (
    <Dialog title={t('title')} onClose={onClose} wide>
      <div className={c.sheet}>
        {byGroup(actions).map(([group, members]) => (
          <section key={group} className={c.group}>
            <h3>{group}</h3>
            <dl>
              {members.map((action) => (
                <div key={action.id} className={c.row}>
                  <dt>{action.label}</dt>
                  <dd>
                    {keysOf(action).map((keys) => (
                      <Kbd key={keys} keys={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className={c.foot}>
        <Switch checked={singleKeys} onChange={(on) => preferences.change({ singleKeys: on })}>
          {t('singleKeys')}
        </Switch>
        <p>{t('help')}</p>
      </div>
    </Dialog>
  );
}
