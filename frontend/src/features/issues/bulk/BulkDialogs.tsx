import { Avatar } from '@/ui/Avatar.tsx';
import ConfirmDialog from '@/ui/ConfirmDialog.tsx';
import PickerPopup from '@/ui/PickerPopup.tsx';
import { t } from './strings.ts';
import type { BulkActions } from './useBulkActions.ts';

const NOBODY = 'nobody';

/** What opens over the list: the question before a final act, and the list of people. Loaded when one of them is needed. */
export default function BulkDialogs({ actions }: { actions: BulkActions }) {
  const { question, assigning, members } = actions;
  const people = members.flatMap(({ user, name }) =>
    user ? [{ id: `user:${user.id}`, name: name || user.email, detail: user.email }] : [],
  );
  const current = assigning?.issues.length === 1 ? assigning.issues[0]?.assignedTo : undefined;
  return (
    <>
      {question && (
        <ConfirmDialog
          title={question.title}
          verb={question.verb}
          onConfirm={question.confirm}
          onClose={actions.closeQuestion}
        >
          {question.text}
        </ConfirmDialog>
      )}
      {assigning && (
        <PickerPopup
          anchor={assigning.anchor}
          label={t('assignTo')}
          placeholder={t('findPerson')}
          empty={t('noPerson')}
          items={[
            { id: NOBODY, label: t('nobody') },
            ...people.map(({ id, name, detail }) => ({ id, label: name, detail, icon: <Avatar name={name} /> })),
          ]}
          selected={current ? [`${current.type}:${current.id}`] : []}
          onChange={([to]) => actions.assign(assigning.issues, !to || to === NOBODY ? '' : to)}
          onClose={actions.closeAssign}
        />
      )}
    </>
  );
}
