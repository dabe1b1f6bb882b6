import { lazy, Suspense, useState } from 'react';
import { send } from '@/api/client.ts';
import { common } from '@/lib/i18n/en.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Button } from '@/ui/Button.tsx';
import { Form } from '@/ui/Form.tsx';
import { TextField } from '@/ui/TextField.tsx';
import { toast } from '@/ui/toast.ts';
import { useSave } from '../useSave.ts';
import { writeAmount } from './amounts.ts';
import { besideLimit, isSize, nameOf, readLimit } from './caps.ts';
import c from './Limits.module.css';
import { type Cap, capPath, useCapsAgain } from './queries.ts';
import { limitText, Use } from './Use.tsx';
import { useChecked } from './useChecked.ts';

const ConfirmDialog = lazy(() => import('@/ui/ConfirmDialog.tsx'));

const t = defineMessages({
  all: 'all projects together',
  change: 'Change',
  changeThis: 'Change {cap}',
  deleteThis: 'Delete {cap}',
  atMost: 'At most',
  removeTitle: 'Delete this cap?',
  removeText: '{cap}: {limit}. From then on no more is refused for it.',
  removed: 'The cap is deleted',
});

function Change({ org, cap, onDone }: { org: string; cap: Cap; onDone: () => void }) {
  const again = useCapsAgain(org);
  const saving = useSave(
    (values: { limit: number }) => send(fillPath(capPath, { org, cap: cap.id }), { method: 'PUT', body: values }),
    async () => {
      await again();
      onDone();
    },
  );
  const { errors, submit } = useChecked(saving, (form) => readLimit(form, cap));
  const message = saving.message ? { limit: [saving.message] } : besideLimit(errors);
  return (
    <Form className={c.change} errors={message} onSubmit={submit} data-test-id="cap-change">
      <TextField name="limit" label={t('atMost')} defaultValue={writeAmount(cap.limit, isSize(cap))} autoFocus />
      <div className={c.buttons}>
        <Button type="submit" variant="primary" busy={saving.busy} data-test-id="save">
          {common('save')}
        </Button>
        <Button onPress={onDone}>{common('cancel')}</Button>
      </div>
    </Form>
  );
}

/** One cap with its use; it is changed in place. */
export function CapRow({ org, cap }: { org: string; cap: Cap }) {
  const again = useCapsAgain(org);
  const [state, setState] = useState<'shown' | 'changed' | 'asked'>('shown');
  const show = () => setState('shown');
  const name = `${nameOf(cap)}, ${cap.project ?? t('all')}`;
  const remove = async () => {
    await send(fillPath(capPath, { org, cap: cap.id }), { method: 'DELETE' });
    toast({ tone: 'success', text: t('removed') });
    await again();
  };
  return (
    <li className={c.row} data-test-id="cap">
      <div className={c.what}>
        <b>{nameOf(cap)}</b>
        <span className={c.quiet}>{cap.project ?? t('all')}</span>
      </div>
      {state === 'changed' ? (
        <Change org={org} cap={cap} onDone={show} />
      ) : (
        <>
          <Use cap={cap} />
          <div className={c.buttons}>
            <Button size="sm" aria-label={t('changeThis', { cap: name })} onPress={() => setState('changed')}>
              {t('change')}
            </Button>
            <Button size="sm" aria-label={t('deleteThis', { cap: name })} onPress={() => setState('asked')}>
              {common('delete')}
            </Button>
          </div>
        </>
      )}
      {state === 'asked' && (
        <Suspense>
          <ConfirmDialog title={t('removeTitle')} verb={common('delete')} onConfirm={remove} onClose={show}>
            {t('removeText', { cap: name, limit: limitText(cap.limit, cap.period, isSize(cap)) })}
          </ConfirmDialog>
        </Suspense>
      )}
    </li>
  );
}
