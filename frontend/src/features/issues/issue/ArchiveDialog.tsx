import { useState } from 'react';
import type { IssueChange } from '@/api/types.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Button } from '@/ui/Button.tsx';
import { Dialog } from '@/ui/Dialog.tsx';
import { Form } from '@/ui/Form.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { type ArchiveUntil, archiveUntil } from './model/change.ts';

const t = defineMessages({
  date: 'Archive until a date',
  events: 'Archive until it has happened again',
  users: 'Archive until it has met more people',
  dateField: 'Until',
  eventsField: 'Number of further events',
  usersField: 'Number of further people',
  archive: 'Archive',
  dateWrong: 'Choose a time that is still to come.',
  countWrong: 'Type a whole number of 1 or more.',
});

const DAY = 86_400_000;

/** A day from now in the form the browser's field takes, in its own zone. */
const tomorrow = (): string => {
  const moment = new Date(Date.now() + DAY);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

/** Asks how long an issue shall stay away. */
export default function ArchiveDialog({
  until,
  onArchive,
  onClose,
}: {
  until: ArchiveUntil;
  onArchive: (change: IssueChange) => void;
  onClose: () => void;
}) {
  const [error, setError] = useState<string>();
  const submit = (values: FormData) => {
    const change = archiveUntil(until, String(values.get('value') ?? ''));
    if (!change) return setError(until === 'date' ? t('dateWrong') : t('countWrong'));
    onClose();
    onArchive(change);
  };
  const field = until === 'date' ? t('dateField') : until === 'events' ? t('eventsField') : t('usersField');
  return (
    <Dialog title={t(until)} onClose={onClose}>
      <Form onSubmit={submit}>
        <TextField
          name="value"
          label={field}
          error={error}
          type={until === 'date' ? 'datetime-local' : 'number'}
          min={until === 'date' ? undefined : 1}
          defaultValue={until === 'date' ? tomorrow() : '100'}
        />
        <div>
          <Button type="submit" variant="primary">
            {t('archive')}
          </Button>{' '}
          <Button onPress={onClose}>{common('cancel')}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
