import { defineMessages } from '@/lib/i18n/t.ts';
import { Form } from '@/ui/Form.tsx';
import { TextArea } from '@/ui/TextArea.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import type { Scrubbing } from '../queries.ts';
import { CheckField } from './CheckField.tsx';
import { linesOf } from './lines.ts';
import type { Owner } from './queries.ts';
import { useScrubbing } from './useScrubbing.ts';

const t = defineMessages({
  title: 'Data scrubbing',
  text: 'What is taken out of an event before it is stored is nowhere kept. Events that are stored already stay as they are.',
  requireText: 'What is required here holds for every project, whatever the project says.',
  scrub: 'Scrub data',
  scrubHelp: 'Values under sensitive names become [Filtered].',
  defaults: 'Scrub what is usually secret',
  defaultsHelp: 'Passwords, tokens, keys, session cookies, card numbers, and what stands under names like these.',
  addresses: 'Scrub IP addresses',
  addressesHelp: 'Addresses of users are not stored, and those in texts become [ip].',
  requireScrub: 'Require scrubbing',
  requireDefaults: 'Require scrubbing of what is usually secret',
  requireAddresses: 'Require scrubbing of IP addresses',
  required: 'Required by the organization.',
  sensitive: 'Sensitive names',
  sensitiveHelp: 'One to a line. What stands under a name that holds one of these is scrubbed too.',
  safe: 'Safe fields',
  safeHelp: 'One name or selector to a line. What they reach is never scrubbed by the settings above.',
});

type Settings = Omit<Scrubbing, 'relayPiiConfig'>;

const read = (values: FormData, required: Partial<Scrubbing>): Partial<Settings> => ({
  // A box that the organization has checked says nothing of the project.
  ...(required.dataScrubber ? {} : { dataScrubber: values.get('dataScrubber') === 'on' }),
  ...(required.dataScrubberDefaults ? {} : { dataScrubberDefaults: values.get('dataScrubberDefaults') === 'on' }),
  ...(required.scrubIPAddresses ? {} : { scrubIPAddresses: values.get('scrubIPAddresses') === 'on' }),
  sensitiveFields: linesOf(values.get('sensitiveFields')),
  safeFields: linesOf(values.get('safeFields')),
});

/** The simple settings. `required` is what the organization has decided for a project. */
export function ScrubbingPanel({
  owner,
  saved,
  required = {},
}: {
  owner: Owner;
  saved: Settings;
  required?: Partial<Scrubbing>;
}) {
  const saving = useScrubbing(owner);
  const own = owner.project !== undefined;
  const switches = [
    { name: 'dataScrubber', label: own ? t('scrub') : t('requireScrub'), help: t('scrubHelp') },
    { name: 'dataScrubberDefaults', label: own ? t('defaults') : t('requireDefaults'), help: t('defaultsHelp') },
    { name: 'scrubIPAddresses', label: own ? t('addresses') : t('requireAddresses'), help: t('addressesHelp') },
  ] as const;
  return (
    <Panel title={t('title')} text={own ? t('text') : t('requireText')}>
      <Form errors={saving.errors} onSubmit={(values) => saving.save(read(values, required))} data-test-id="scrubbing">
        {switches.map(({ name, label, help }) => (
          <CheckField
            key={name}
            name={name}
            label={label}
            help={required[name] ? `${help} ${t('required')}` : help}
            defaultChecked={required[name] || saved[name]}
            disabled={required[name] === true}
          />
        ))}
        <TextArea
          name="sensitiveFields"
          label={t('sensitive')}
          help={t('sensitiveHelp')}
          defaultValue={saved.sensitiveFields.join('\n')}
          rows={4}
        />
        <TextArea
          name="safeFields"
          label={t('safe')}
          help={t('safeHelp')}
          defaultValue={saved.safeFields.join('\n')}
          rows={4}
        />
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}
