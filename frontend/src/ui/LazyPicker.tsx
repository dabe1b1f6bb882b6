import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button, type ButtonProps } from './Button.tsx';
import type { PickerItem } from './PickerPopup.tsx';

const load = () => import('./PickerPopup.tsx');
const PickerPopup = lazy(load);

type Props = Omit<ButtonProps, 'onPress' | 'onChange' | 'ref'> & {
  label: string;
  items: readonly PickerItem[];
  selected: readonly string[];
  multiple?: boolean;
  placeholder: string;
  empty: string;
  onChange: (ids: string[]) => void;
  footer?: ReactNode;
  children: ReactNode;
};

/** A button that opens a searchable list; the list's code arrives on hover, focus or press. */
export function LazyPicker({
  label,
  items,
  selected,
  multiple,
  placeholder,
  empty,
  onChange,
  footer,
  children,
  ...button
}: Props) {
  const [open, setOpen] = useState(false);
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  const popup = { anchor, label, items, selected, multiple, placeholder, empty, onChange, footer };
  return (
    <>
      <Button
        {...button}
        ref={setAnchor}
        aria-haspopup="dialog"
        aria-expanded={open}
        onMouseEnter={load}
        onFocus={load}
        onPress={() => setOpen(true)}
      >
        {children}
      </Button>
      {open && (
        <Suspense>
          <PickerPopup {...popup} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
