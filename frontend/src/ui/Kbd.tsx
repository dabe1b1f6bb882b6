import { keyCaps } from '@/lib/actions/shortcuts.ts';
import c from './Kbd.module.css';

/** A shortcut as it is printed on the keys. */
export function Kbd({ keys }: { keys: string }) {
  return <kbd className={c.kbd}>{keyCaps(keys).join(' ')}</kbd>;
}
