import { Check } from 'lucide-react';
import { common } from '@/lib/i18n/en.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Button } from '@/ui/Button.tsx';
import type { Saving } from '../useSave.ts';
import c from './SaveBar.module.css';

/** The foot of a form: saves, says that it did, or why not. */
export function SaveBar<V>({
  saving,
  label = common('save'),
  done = common('saved'),
  disabled = false,
}: {
  saving: Saving<V>;
  label?: string;
  done?: string;
  disabled?: boolean;
}) {
  return (
    <>
      {saving.message && <Banner tone="error">{saving.message}</Banner>}
      <div className={c.bar}>
        <Button type="submit" variant="primary" busy={saving.busy} isDisabled={disabled} data-test-id="save">
          {label}
        </Button>
        <span role="status" className={c.done}>
          {saving.saved && (
            <>
              <Check size={14} aria-hidden="true" />
              {done}
            </>
          )}
        </span>
      </div>
    </>
  );
}
