import { Check, type LucideIcon } from 'lucide-react';
import { Fragment, useRef } from 'react';
import { Menu, MenuItem, Popover, Separator } from 'react-aria-components';
import { classes } from './classes.ts';
import { Kbd } from './Kbd.tsx';
import m from './menu.module.css';

export type MenuEntry = {
  id: string;
  label: string;
  icon?: LucideIcon;
  /** Right-hand hint. */
  detail?: string;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** A line above this entry. */
  separated?: boolean;
};

type Props = {
  anchor: HTMLElement | null;
  label: string;
  items: readonly MenuEntry[];
  /** Set for a menu that chooses one of its items: the chosen one is checked. */
  value?: string | undefined;
  onPick: (id: string) => void;
  onClose: () => void;
};

function Face({ item, value }: { item: MenuEntry; value: string | undefined }) {
  const Icon = item.icon;
  return (
    <>
      {value !== undefined && (value === item.id ? <Check size={14} aria-hidden="true" /> : <span className={m.gap} />)}
      {Icon && <Icon size={14} aria-hidden="true" />}
      <span className={m.label}>{item.label}</span>
      {item.detail && <span className={m.detail}>{item.detail}</span>}
      {item.keys && <Kbd keys={item.keys} />}
    </>
  );
}

/** The open part of a menu; loaded when first needed. */
export default function MenuPopup({ anchor, label, items, value, onPick, onClose }: Props) {
  const trigger = useRef(anchor);
  const pick = (id: string) => {
    onClose();
    onPick(id);
  };
  return (
    <Popover
      isOpen
      placement="bottom start"
      triggerRef={trigger}
      onOpenChange={(open) => !open && onClose()}
      className={m.popover ?? ''}
    >
      <Menu
        aria-label={label}
        autoFocus="first"
        className={m.list ?? ''}
        selectionMode={value === undefined ? 'none' : 'single'}
        selectedKeys={value === undefined ? [] : [value]}
        disabledKeys={items.filter((item) => item.disabled).map((item) => item.id)}
        onAction={(id) => pick(String(id))}
      >
        {items.map((item) => (
          <Fragment key={item.id}>
            {item.separated && <Separator className={m.separator ?? ''} />}
            <MenuItem id={item.id} textValue={item.label} className={classes(m.item, item.danger && m.danger)}>
              <Face item={item} value={value} />
            </MenuItem>
          </Fragment>
        ))}
      </Menu>
    </Popover>
  );
}
