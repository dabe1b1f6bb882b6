import { Check } from 'lucide-react';
import { useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import type { GlobalSearch } from '@/lib/routing/globalSearch.schema.ts';
import { defaultPeriod, offeredPeriods, rangeLabel, readPeriod, resolveRange, toUrlTime } from '@/lib/time/range.ts';
import { Button } from '@/ui/Button.tsx';
import { Form } from '@/ui/Form.tsx';
import Popover from '@/ui/Popover.tsx';
import { Switch } from '@/ui/Switch.tsx';
import { TextField } from '@/ui/TextField.tsx';
import c from './TimeFilterPanel.module.css';

const t = defineMessages({
  title: 'Time range',
  other: 'Other period',
  otherHelp: 'For example 3d, 90 min or 6 weeks',
  notPeriod: 'Write a number and a unit, such as 3d.',
  from: 'From',
  to: 'To',
  reversed: 'The end must be later than the start.',
  apply: 'Apply range',
  utc: 'Times in UTC',
});

const relative = (statsPeriod: string): GlobalSearch => ({
  statsPeriod: statsPeriod === defaultPeriod ? undefined : statsPeriod,
  start: undefined,
  end: undefined,
});

/** What a datetime-local field holds, in the zone the page shows. */
const fieldValue = (seconds: number, utc: boolean): string => {
  const shift = utc ? 0 : new Date(seconds * 1000).getTimezoneOffset() * 60;
  return toUrlTime(seconds - shift).slice(0, 16);
};
const fieldSeconds = (value: string, utc: boolean): number => Date.parse(utc ? `${value}Z` : value) / 1000;

function PeriodField({ onPick }: { onPick: (period: string) => void }) {
  const [error, setError] = useState<string>();
  const submit = (values: FormData) => {
    const period = readPeriod(String(values.get('period')));
    if (period) onPick(period);
    else setError(t('notPeriod'));
  };
  return (
    <Form onSubmit={submit}>
      <TextField name="period" label={t('other')} help={t('otherHelp')} error={error} autoComplete="off" />
    </Form>
  );
}

function AbsoluteFields({ search, onPick }: { search: GlobalSearch; onPick: (change: GlobalSearch) => void }) {
  const utc = search.utc === 'true';
  const [error, setError] = useState<string>();
  const range = resolveRange(search);
  const submit = (values: FormData) => {
    const from = fieldSeconds(String(values.get('from')), utc);
    const to = fieldSeconds(String(values.get('to')), utc);
    if (to > from) onPick({ statsPeriod: undefined, start: toUrlTime(from), end: toUrlTime(to) });
    else setError(t('reversed'));
  };
  return (
    <Form onSubmit={submit} className={c.absolute}>
      <TextField
        key={`from${utc}`}
        name="from"
        type="datetime-local"
        label={t('from')}
        required
        defaultValue={fieldValue(range.from, utc)}
      />
      <TextField
        key={`to${utc}`}
        name="to"
        type="datetime-local"
        label={t('to')}
        required
        defaultValue={fieldValue(range.to, utc)}
        error={error}
      />
      <Button type="submit">{t('apply')}</Button>
    </Form>
  );
}

/** Usual periods, one's own, or both ends. */
export default function TimeFilterPanel({
  anchor,
  search,
  onChange,
  onClose,
}: {
  anchor: HTMLElement | null;
  search: GlobalSearch;
  onChange: (change: GlobalSearch) => void;
  onClose: () => void;
}) {
  const current = search.start ? undefined : (search.statsPeriod ?? defaultPeriod);
  const pick = (change: GlobalSearch) => {
    onChange(change);
    onClose();
  };
  return (
    <Popover anchor={anchor} label={t('title')} onClose={onClose}>
      <div className={c.panel}>
        <div className={c.periods}>
          {offeredPeriods.map((period) => (
            <Button
              key={period}
              variant="ghost"
              className={c.period}
              aria-pressed={period === current}
              onPress={() => pick(relative(period))}
              data-test-id={`period-${period}`}
            >
              {period === current ? <Check size={14} aria-hidden="true" /> : <span className={c.gap} />}
              {rangeLabel({ statsPeriod: period })}
            </Button>
          ))}
        </div>
        <div className={c.custom}>
          <PeriodField onPick={(period) => pick(relative(period))} />
          <AbsoluteFields search={search} onPick={pick} />
          <Switch checked={search.utc === 'true'} onChange={(on) => onChange({ utc: on ? 'true' : undefined })}>
            {t('utc')}
          </Switch>
        </div>
      </div>
    </Popover>
  );
}
