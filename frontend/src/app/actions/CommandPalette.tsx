import { Search } from 'lucide-react';
import { useState } from 'react';
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Kbd } from '@/ui/Kbd.tsx';
import m from '@/ui/menu.module.css';
import c from './CommandPalette.module.css';
import { type Command, useCommands } from './commands.ts';

const t = defineMessages({
  label: 'Command palette',
  field: 'Command, issue or event',
  placeholder: 'Type a command, issue id or search',
  results: 'Results',
  empty: 'Nothing fits “{text}”',
});

function Item({ command }: { command: Command }) {
  const Icon = command.icon ?? Search;
  return (
    <ListBoxItem id={command.id} textValue={command.label} className={m.item ?? ''}>
      <Icon size={14} aria-hidden="true" />
      <span className={m.label}>{command.label}</span>
      {command.detail && <span className={m.detail}>{command.detail}</span>}
      {command.keys && <Kbd keys={command.keys} />}
    </ListBoxItem>
  );
}

/** Every place and action by its name. Loaded when first opened. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const sections = useCommands(text);
  const run = (id: string) => {
    onClose();
    // After the palette has gone: an action may open something that wants the focus itself.
    setTimeout(() =>
      sections
        .flatMap(({ commands }) => commands)
        .find((command) => command.id === id)
        ?.run(),
    );
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={c.overlay ?? ''}>
      <Modal className={c.modal ?? ''}>
        <Dialog aria-label={t('label')} className={c.dialog ?? ''} data-test-id="palette">
          <Autocomplete inputValue={text} onInputChange={setText}>
            <SearchField aria-label={t('field')} autoFocus className={c.field ?? ''}>
              <Search size={15} aria-hidden="true" />
              <Input role="combobox" aria-expanded placeholder={t('placeholder')} className={c.input ?? ''} />
            </SearchField>
            <ListBox
              aria-label={t('results')}
              className={c.menu ?? ''}
              items={sections}
              onAction={(id) => run(String(id))}
              renderEmptyState={() => <p className={c.empty}>{t('empty', { text })}</p>}
            >
              {(section) => (
                <ListBoxSection id={section.title}>
                  <Header className={m.heading ?? ''}>{section.title}</Header>
                  <Collection items={section.commands}>{(command) => <Item command={command} />}</Collection>
                </ListBoxSection>
              )}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
