import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Banner } from '@/ui/Banner.tsx';
import { Button } from '@/ui/Button.tsx';
import { Form } from '@/ui/Form.tsx';
import { Segmented } from '@/ui/Segmented.tsx';
import { TextArea } from '@/ui/TextArea.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SaveBar } from '../parts/SaveBar.tsx';
import { Preview } from './Preview.tsx';
import { type Owner, previewQuery, suggestionsQuery } from './queries.ts';
import { RuleFields } from './RuleFields.tsx';
import c from './RulesPanel.module.css';
import { indented, newRule, parseRules, printRules, type Rule } from './rules.ts';
import { useDebounced } from './useDebounced.ts';
import { useScrubbing } from './useScrubbing.ts';

const t = defineMessages({
  title: 'Advanced rules',
  text: 'Each rule does something with what it finds in the fields that its selector reaches: ** is every field, $string every text, extra.name one.',
  view: 'How to write the rules',
  list: 'List',
  json: 'JSON',
  config: 'Configuration',
  configHelp: 'Rules by name, and the names of rules for each selector.',
  unlisted: 'These rules say more than the list can show. They are written as JSON.',
  none: 'No rule yet.',
  add: 'Add rule',
  save: 'Save rules',
});

/** Rules keep their identity while they are edited. */
type Entry = Rule & { key: number };
let lastKey = 0;
const entryOf = (rule: Rule): Entry => ({ ...rule, key: ++lastKey });
type Draft = { list: Entry[] } | { json: string };

const draftOf = (text: string): Draft => {
  const rules = parseRules(text);
  return rules ? { list: rules.map(entryOf) } : { json: indented(text) };
};
const textOf = (draft: Draft): string => ('list' in draft ? printRules(draft.list) : draft.json);

/** Selectors of the newest event that the rules are tried on. */
const useSelectors = (owner: Owner, text: string): string[] => {
  const { data: events = [] } = useQuery(previewQuery(owner, text));
  const newest = events[0]?.eventID;
  const { data } = useQuery({ ...suggestionsQuery(owner, newest ?? ''), enabled: newest !== undefined });
  return data?.suggestions.map(({ value }) => value) ?? [];
};

function RuleList({ list, owner, onChange }: { list: Entry[]; owner: Owner; onChange: (list: Entry[]) => void }) {
  const suggestions = useId();
  const selectors = useSelectors(owner, '');
  return (
    <>
      <datalist id={suggestions}>
        {selectors.map((selector) => (
          <option key={selector} value={selector} />
        ))}
      </datalist>
      {list.length === 0 && <p className={c.none}>{t('none')}</p>}
      {list.map((entry, at) => (
        <RuleFields
          key={entry.key}
          rule={entry}
          number={at + 1}
          suggestions={suggestions}
          onChange={(rule) => onChange(list.map((other) => (other === entry ? { ...rule, key: entry.key } : other)))}
          onRemove={() => onChange(list.filter((other) => other !== entry))}
        />
      ))}
      <div>
        <Button onPress={() => onChange([...list, entryOf(newRule())])} data-test-id="rule-add">
          <Plus size={14} aria-hidden="true" />
          {t('add')}
        </Button>
      </div>
    </>
  );
}

/** The advanced rules of a project or an organization, with what they would do to recent events. */
export function RulesPanel({ owner, saved }: { owner: Owner; saved: string }) {
  const [draft, setDraft] = useState(() => draftOf(saved));
  const text = textOf(draft);
  const saving = useScrubbing(owner);
  const isList = 'list' in draft;
  const refusal = saving.errors.relayPiiConfig?.join(' ');
  const show = (view: 'list' | 'json') => setDraft(view === 'json' ? { json: indented(text) } : draftOf(text));
  const isListable = isList || parseRules(draft.json) !== undefined;
  return (
    <Panel
      title={t('title')}
      text={t('text')}
      aside={
        isListable && (
          <Segmented
            label={t('view')}
            value={isList ? 'list' : 'json'}
            options={[
              { id: 'list', label: t('list') },
              { id: 'json', label: t('json') },
            ]}
            onChange={show}
          />
        )
      }
    >
      <Form errors={saving.errors} onSubmit={() => saving.save({ relayPiiConfig: text })} data-test-id="rules">
        {isList ? (
          <>
            {refusal && <Banner tone="error">{refusal}</Banner>}
            <RuleList list={draft.list} owner={owner} onChange={(list) => setDraft({ list })} />
          </>
        ) : (
          <>
            {!isListable && <Banner>{t('unlisted')}</Banner>}
            <TextArea
              name="relayPiiConfig"
              label={t('config')}
              help={t('configHelp')}
              rows={12}
              spellCheck={false}
              value={draft.json}
              onChange={(event) => setDraft({ json: event.currentTarget.value })}
            />
          </>
        )}
        <SaveBar saving={saving} label={t('save')} />
      </Form>
      <Preview owner={owner} text={useDebounced(text)} />
    </Panel>
  );
}
