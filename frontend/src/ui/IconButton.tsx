import type { LucideIcon } from 'lucide-react';
import { Button, type ButtonProps } from './Button.tsx';
import { Tooltip } from './Tooltip.tsx';

type Props = Omit<ButtonProps, 'icon' | 'children' | 'aria-label'> & {
  label: string;
  icon: LucideIcon;
  /** Shown in the tooltip beside the label. */
  keys?: string | undefined;
};

/** A button that is only an icon: its name is in the accessible name and in the tooltip. */
export function IconButton({ label, icon: Icon, keys, variant = 'ghost', ...rest }: Props) {
  return (
    <Tooltip text={label} keys={keys}>
      <Button {...rest} variant={variant} icon aria-label={label}>
        <Icon size={15} strokeWidth={1.9} aria-hidden="true" />
      </Button>
    </Tooltip>
  );
}
