import { Trash2 } from 'lucide-react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { IconButton } from '@/ui/IconButton.tsx';
import { Select } from '@/ui/Select.tsx';
import { TextField } from '@/ui/TextField.tsx';
import c from './RulesPanel.module.css';
import { methods, type Rule, types } from './rules.ts';

const t = defineMessages({
  rule: 'Rule {n}',
  method: 'Do this',
  type: 'with',
  source: 'found in',
  pattern: 'Regular expression',
  placeholder: 'Replace by',
  remove: 'Remove rule {n}',
});

/** One rule as a sentence of fields. */
export function RuleFields({
  rule,
  number,
  suggestions,
  onChange,
  onRemove,
}: {
  rule: Rule;
  number: number;
  /** Id of the list of selectors that can be chosen. */
  suggestions: string;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}) {
  const set = (part: Partial<Rule>) => onChange({ ...rule, ...part });
  return (
    <fieldset className={c.rule} data-test-id="rule">
      <legend className="sr-only">{t('rule', { n: number })}</legend>
      <Select
        label={t('method')}
        options={methods}
        value={rule.method}
        onChange={(event) => set({ method: event.currentTarget.value })}
      />
      <Select
        label={t('type')}
        options={types}
        value={rule.type}
        onChange={(event) => set({ type: event.currentTarget.value })}
      />
      <TextField
        label={t('source')}
        mono
        required
        list={suggestions}
        value={rule.source}
        onChange={(event) => set({ source: event.currentTarget.value })}
        data-test-id="rule-source"
      />
      {rule.type === 'pattern' && (
        <TextField
          label={t('pattern')}
          mono
          required
          value={rule.pattern}
          onChange={(event) => set({ pattern: event.currentTarget.value })}
          data-test-id="rule-pattern"
        />
      )}
      {rule.method === 'replace' && (
        <TextField
          label={t('placeholder')}
          mono
          placeholder="[Filtered]"
          value={rule.placeholder}
          onChange={(event) => set({ placeholder: event.currentTarget.value })}
        />
      )}
      <IconButton
        className={c.remove}
        icon={Trash2}
        label={t('remove', { n: number })}
        onPress={onRemove}
        data-test-id="rule-remove"
      />
    </fieldset>
  );
}
