import { Archive, Bookmark, Check, ChevronDown, Ellipsis, Eye, GitMerge, Trash2, UserRound, X } from 'lucide-react';
import { Button } from '@/ui/Button.tsx';
import { IconButton } from '@/ui/IconButton.tsx';
import { LazyMenu } from '@/ui/LazyMenu.tsx';
import type { MenuEntry } from '@/ui/MenuPopup.tsx';
import type { Selection } from '@/ui/selection.ts';
import c from './BulkBar.module.css';
import { archiveChoices, type Choice, entriesOf, resolveChoices, unresolve } from './choices.ts';
import { t } from './strings.ts';
import type { BulkActions } from './useBulkActions.ts';

type Props = {
  selection: Selection;
  total: number;
  loaded: number;
  actions: BulkActions;
  onAll: () => void;
  onClear: () => void;
};

const resolveMenu: readonly Choice[] = [...resolveChoices, unresolve];

function Summary({ selection, total, loaded, onAll }: Pick<Props, 'selection' | 'total' | 'loaded' | 'onAll'>) {
  const wholePage = selection.ids.size === loaded && total > loaded;
  return (
    <span className={c.summary} role="status">
      {selection.all ? t('allSelected', { n: total }) : t('selected', { n: selection.ids.size })}
      {wholePage && !selection.all && (
        <Button variant="ghost" size="sm" className={c.all} onPress={onAll} data-test-id="select-matching">
          {t('selectAll', { n: total })}
        </Button>
      )}
    </span>
  );
}

function MoreMenu({ selection, actions }: Pick<Props, 'selection' | 'actions'>) {
  const items: MenuEntry[] = [
    { id: 'bookmark', label: t('bookmark'), icon: Bookmark, keys: 'b' },
    { id: 'seen', label: t('markSeen'), icon: Eye },
    { id: 'merge', label: t('merge'), icon: GitMerge, keys: 'm', disabled: !actions.canMerge() },
    { id: 'delete', label: t('delete'), icon: Trash2, danger: true, separated: true, disabled: selection.all },
  ];
  const runs: Record<string, () => void> = {
    bookmark: actions.bookmark,
    seen: actions.markSeen,
    merge: actions.askMerge,
    delete: actions.askDelete,
  };
  return (
    <LazyMenu label={t('more')} size="sm" icon items={items} onPick={(id) => runs[id]?.()} data-test-id="bulk-more">
      <Ellipsis size={14} aria-hidden="true" />
    </LazyMenu>
  );
}

/** Stands over the titles while issues are chosen. */
export default function BulkBar({ selection, total, loaded, actions, onAll, onClear }: Props) {
  const pick = (choices: readonly Choice[]) => (id: string) => {
    const choice = choices.find((one) => one.id === id);
    if (choice) actions.apply(choice);
  };
  return (
    <div className={c.content} data-test-id="bulk-bar">
      <div className={c.row}>
        <Summary selection={selection} total={total} loaded={loaded} onAll={onAll} />
        <LazyMenu
          label={t('resolve')}
          size="sm"
          items={entriesOf(resolveMenu)}
          onPick={pick(resolveMenu)}
          data-test-id="bulk-resolve"
        >
          <Check size={13} aria-hidden="true" />
          <span>{t('resolve')}</span>
          <ChevronDown size={12} aria-hidden="true" />
        </LazyMenu>
        <LazyMenu
          label={t('archive')}
          size="sm"
          items={entriesOf(archiveChoices)}
          onPick={pick(archiveChoices)}
          data-test-id="bulk-archive"
        >
          <Archive size={13} aria-hidden="true" />
          <span>{t('archive')}</span>
          <ChevronDown size={12} aria-hidden="true" />
        </LazyMenu>
        <Button size="sm" onPress={actions.openAssign} data-bulk-assign="" data-test-id="bulk-assign">
          <UserRound size={13} aria-hidden="true" />
          <span>{t('assign')}</span>
        </Button>
        <MoreMenu selection={selection} actions={actions} />
        <span className={c.end}>
          <IconButton
            label={t('clear')}
            icon={X}
            size="sm"
            keys="Escape"
            onPress={onClear}
            data-test-id="clear-selection"
          />
        </span>
      </div>
    </div>
  );
}
