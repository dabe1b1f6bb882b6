import { CopyButton } from '@/ui/CopyButton.tsx';
import c from './CopyLine.module.css';

/** A value to be copied whole, with its name above. */
export function CopyLine({ label, value, ...rest }: { label: string; value: string; 'data-test-id'?: string }) {
  return (
    <div className={c.line}>
      <span className={c.label}>{label}</span>
      <div className={c.value}>
        <code {...rest}>{value}</code>
        <CopyButton text={value} label={`${label}: copy`} data-test-id="copy-dsn" />
      </div>
    </div>
  );
}
