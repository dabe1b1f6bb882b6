import { useQueryClient } from '@tanstack/react-query';
import { send } from '@/api/client.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Form } from '@/ui/Form.tsx';
import { TextArea } from '@/ui/TextArea.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { type FilterOptions, projectPath, projectQuery } from '../queries.ts';
import { useSave } from '../useSave.ts';
import { CheckField } from './CheckField.tsx';

const t = defineMessages({
  title: 'Filters of your own',
  text: 'One to a line. In patterns * stands for any text and ? for one character.',
  messages: 'Error messages',
  messagesHelp: 'Patterns for the message, or for type and value of an error: TypeError*, *: Load failed',
  releases: 'Releases',
  releasesHelp: 'Patterns for the release: shop@1.*, [!3]*',
  transactions: 'Transactions',
  transactionsHelp: 'Patterns for the name of a transaction: cron.*, */status',
  addresses: 'IP addresses',
  addressesHelp: 'Addresses or networks of those who send: 203.0.113.7, 10.0.0.0/8',
  sources: 'Sources of content policy reports',
  sourcesHelp: 'Origins whose reports are noise: https://example.com, *.example.com',
  defaults: 'Filter sources that are known to be noise',
  defaultsHelp: 'Extensions, toolbars and injected advertisements.',
});

const DEFAULTS = 'sentry:csp_ignored_sources_defaults';
const areas = [
  { name: 'filters:error_messages', label: t('messages'), help: t('messagesHelp') },
  { name: 'filters:releases', label: t('releases'), help: t('releasesHelp') },
  { name: 'filters:transactions', label: t('transactions'), help: t('transactionsHelp') },
  { name: 'filters:blacklisted_ips', label: t('addresses'), help: t('addressesHelp') },
  { name: 'sentry:csp_ignored_sources', label: t('sources'), help: t('sourcesHelp') },
] as const;

const read = (values: FormData): FilterOptions => ({
  ...Object.fromEntries(areas.map(({ name }) => [name, String(values.get(name) ?? '')])),
  [DEFAULTS]: values.get(DEFAULTS) === 'on',
});

/** Lists that the people of the project write. */
export function CustomPanel({ place, options }: { place: { org: string; project: string }; options: FilterOptions }) {
  const client = useQueryClient();
  const saving = useSave(
    (values: FilterOptions) => send(fillPath(projectPath, place), { method: 'PUT', body: { options: values } }),
    () => client.invalidateQueries({ queryKey: projectQuery(place.org, place.project).queryKey }),
  );
  return (
    <Panel title={t('title')} text={t('text')}>
      <Form errors={saving.errors} onSubmit={(values) => saving.save(read(values))} data-test-id="custom">
        {areas.map(({ name, label, help }) => (
          <TextArea
            key={name}
            name={name}
            label={label}
            help={help}
            rows={3}
            defaultValue={String(options[name] ?? '')}
          />
        ))}
        <CheckField
          name={DEFAULTS}
          label={t('defaults')}
          help={t('defaultsHelp')}
          defaultChecked={options[DEFAULTS] !== false}
        />
        <SaveBar saving={saving} />
      </Form>
    </Panel>
  );
}
