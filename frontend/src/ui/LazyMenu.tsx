import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button, type ButtonProps } from './Button.tsx';
import type { MenuEntry } from './MenuPopup.tsx';

const load = () => import('./MenuPopup.tsx');
const MenuPopup = lazy(load);

type Props = Omit<ButtonProps, 'onPress' | 'aria-label' | 'ref'> & {
  /** Names the menu, and the button when it is only an icon. */
  label: string;
  items: readonly MenuEntry[];
  value?: string;
  onPick: (id: string) => void;
  children: ReactNode;
};

/** A real button at once; the code of the open menu arrives on hover, focus or press. */
export function LazyMenu({ label, items, value, onPick, children, ...button }: Props) {
  const [open, setOpen] = useState(false);
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  return (
    <>
      <Button
        {...button}
        ref={setAnchor}
        aria-label={button.icon ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={open}
        onMouseEnter={load}
        onFocus={load}
        onPress={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </Button>
      {open && (
        <Suspense>
          <MenuPopup
            anchor={anchor}
            label={label}
            items={items}
            value={value}
            onPick={onPick}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
