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
import { readMoment, writeMoment } from './moment.ts';
import c from './TimeFilterPanel.module.css';

const t = defineMessages({
  title: 'Time range',
  other: 'Other period',
  otherHelp: 'For example 3d, 90 min or 6 weeks',
  notPeriod: 'Write a number and a unit, such as 3d.',
  from: 'From',
  to: 'To',
  notMoment: 'Write it like 2026-11-21 15:54.',
  reversed: 'The end must be later than the start.',
  apply: 'Apply range',
  utc: 'Times in UTC',
});

const relative = (statsPeriod: string): GlobalSearch => ({
  statsPeriod: statsPeriod === defaultPeriod ? undefined : statsPeriod,
  start: undefined,
  end: undefined,
});

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
  const [error, setError] = useState<{ from?: string | undefined; to?: string | undefined }>({});
  const range = resolveRange(search);
  const submit = (values: FormData) => {
    const from = readMoment(String(values.get('from')), utc);
    const to = readMoment(String(values.get('to')), utc);
    const unread = (moment: number | undefined) => (moment === undefined ? t('notMoment') : undefined);
    if (from === undefined || to === undefined) setError({ from: unread(from), to: unread(to) });
    else if (to <= from) setError({ to: t('reversed') });
    else onPick({ statsPeriod: undefined, start: toUrlTime(from), end: toUrlTime(to) });
  };
  return (
    <Form onSubmit={submit} className={c.absolute}>
      <TextField
        key={`from${utc}`}
        name="from"
        label={t('from')}
        required
        autoComplete="off"
        defaultValue={writeMoment(range.from, utc)}
        error={error.from}
        data-test-id="range-from"
      />
      <TextField
        key={`to${utc}`}
        name="to"
        label={t('to')}
        required
        autoComplete="off"
        defaultValue={writeMoment(range.to, utc)}
        error={error.to}
        data-test-id="range-to"
      />
      <Button type="submit" data-test-id="range-apply">
        {t('apply')}
      </Button>
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
