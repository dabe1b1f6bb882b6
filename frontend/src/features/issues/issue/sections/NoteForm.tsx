import { useState } from 'react';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Button } from '@/ui/Button.tsx';
import c from './ActivitySection.module.css';

const t = defineMessages({ label: 'Comment', placeholder: 'Write a comment', post: 'Comment' });

/** Writes a comment, or changes one. What was typed stays when the server refuses it. */
export function NoteForm({
  text = '',
  onSave,
  onCancel,
}: {
  text?: string;
  onSave: (text: string) => Promise<unknown>;
  onCancel?: () => void;
}) {
  const [value, setValue] = useState(text);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const save = () => {
    setBusy(true);
    setFailure(undefined);
    onSave(value.trim())
      .then(() => setValue(''))
      .catch((error: Error) => setFailure(error.message))
      .finally(() => setBusy(false));
  };
  return (
    <form
      className={c.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        className={c.text}
        aria-label={t('label')}
        placeholder={t('placeholder')}
        rows={2}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        data-test-id="note"
      />
      {failure && <Banner tone="error">{failure}</Banner>}
      {(value.trim() !== '' || onCancel) && (
        <div className={c.formTools}>
          <Button type="submit" size="sm" busy={busy} isDisabled={value.trim() === ''} data-test-id="note-save">
            {onCancel ? common('save') : t('post')}
          </Button>
          {onCancel && (
            <Button size="sm" variant="ghost" onPress={onCancel}>
              {common('cancel')}
            </Button>
          )}
        </div>
      )}
    </form>
  );
}
