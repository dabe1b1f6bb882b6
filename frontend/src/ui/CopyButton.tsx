import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { common } from '@/lib/i18n/en.ts';
import { Button, type ButtonProps } from './Button.tsx';

const SHOWN = 1600;

/** Copies text and says so for a moment. Without children it is an icon. */
export function CopyButton({
  text,
  label = common('copy'),
  children,
  ...rest
}: { text: string; label?: string } & Omit<ButtonProps, 'onPress' | 'icon'>) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <Button
      variant="ghost"
      size="sm"
      {...rest}
      icon={!children}
      aria-label={children ? undefined : copied ? common('copied') : label}
      onPress={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <Icon size={13} aria-hidden="true" />
      {children && (copied ? common('copied') : children)}
    </Button>
  );
}
