import { Check, Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField, useFilter } from 'react-aria-components';
import { common } from '@/lib/i18n/en.ts';
import { classes } from './classes.ts';
import m from './menu.module.css';
import p from './Picker.module.css';
import Popover from './Popover.tsx';

export type PickerItem = { id: string; label: string; detail?: string; icon?: ReactNode };

type Props = {
  anchor: HTMLElement | null;
  label: string;
  items: readonly PickerItem[];
  selected: readonly string[];
  /** Several may be chosen; the list then stays open. */
  multiple?: boolean | undefined;
  placeholder: string;
  /** Said when nothing fits what was typed. */
  empty: string;
  onChange: (ids: string[]) => void;
  onClose: () => void;
  footer?: ReactNode;
};

const Item = ({ item, multiple }: { item: PickerItem; multiple: boolean }) => (
  <ListBoxItem id={item.id} textValue={`${item.label} ${item.detail ?? ''}`} className={m.item ?? ''}>
    {({ isSelected }) => (
      <>
        {multiple ? (
          <span className={classes(p.mark, isSelected && p.marked)}>
            {isSelected && <Check size={11} strokeWidth={3} />}
          </span>
        ) : isSelected ? (
          <Check size={14} aria-hidden="true" />
        ) : (
          <span className={m.gap} />
        )}
        {item.icon}
        <span className={m.label}>{item.label}</span>
        {item.detail && <span className={m.detail}>{item.detail}</span>}
      </>
    )}
  </ListBoxItem>
);

/** A list one searches by typing. Loaded when first needed. */
export default function PickerPopup(props: Props) {
  const { anchor, label, items, selected, multiple = false, placeholder, empty, onChange, onClose, footer } = props;
  const { contains } = useFilter({ sensitivity: 'base' });
  // The chosen ones come first, in the order they had when the list opened: nothing jumps while one picks.
  const [first] = useState(() => new Set(selected));
  const ordered = [...items].sort((a, b) => Number(first.has(b.id)) - Number(first.has(a.id)));
  const change = (ids: string[]) => {
    // Picking again what is chosen already changes nothing where there is one choice.
    if (multiple || ids.length > 0) onChange(ids);
    if (!multiple) onClose();
  };
  return (
    <Popover anchor={anchor} label={label} onClose={onClose}>
      <Autocomplete filter={contains}>
        <SearchField aria-label={placeholder} autoFocus className={p.search ?? ''}>
          <Search size={14} aria-hidden="true" />
          <Input role="combobox" aria-expanded placeholder={placeholder} className={p.input ?? ''} />
        </SearchField>
        <ListBox
          aria-label={label}
          className={p.list ?? ''}
          selectionMode={multiple ? 'multiple' : 'single'}
          // Escape closes the list; it must not take the choice with it.
          escapeKeyBehavior="none"
          selectedKeys={selected}
          onSelectionChange={(keys) => change(keys === 'all' ? items.map(({ id }) => id) : [...keys].map(String))}
          renderEmptyState={() => <p className={p.empty}>{items.length === 0 ? common('none') : empty}</p>}
        >
          {ordered.map((item) => (
            <Item key={item.id} item={item} multiple={multiple} />
          ))}
        </ListBox>
      </Autocomplete>
      {footer && <div className={p.footer}>{footer}</div>}
    </Popover>
  );
}
