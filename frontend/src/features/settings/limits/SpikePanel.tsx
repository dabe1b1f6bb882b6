import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Category, categories } from '@/api/categories.ts';
import { send } from '@/api/client.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { fillPath } from '@/lib/url.ts';
import { Switch } from '@/ui/Switch.tsx';
import { toast } from '@/ui/toast.ts';
import { Panel } from '../parts/Panel.tsx';
import link from '../parts/TextLink.module.css';
import { projectPath, projectQuery } from '../queries.ts';
import { nameOf } from './caps.ts';
import c from './Limits.module.css';
import { type Cap, setByHand, useCapsAgain } from './queries.ts';
import { Use } from './Use.tsx';

const t = defineMessages({
  title: 'Spike protection',
  text: 'Takes no more in an hour than three to six times what is usual, worked out anew every hour from the last seven days. Never less than 500 errors, 5,000 transactions, 50,000 spans and 500 MiB of attachments.',
  protect: 'Protect this project',
  soon: 'What is usual is being worked out.',
  none: 'No project is protected. Each is switched on in its own limits.',
});

const place = ({ categories: [first] }: Cap): number => categories.indexOf(first as Category);

/** By project, in the order of the categories everywhere else. */
const thresholdsOf = (caps: readonly Cap[]): Cap[] =>
  caps
    .filter((cap) => !setByHand(cap))
    .sort((a, b) => (a.project ?? '').localeCompare(b.project ?? '') || place(a) - place(b));

/** Switches the protection of a project, and shows how far the present hour is. */
export function SpikePanel({
  org,
  project,
  on,
  caps,
}: {
  org: string;
  project: string;
  on: boolean;
  caps: readonly Cap[];
}) {
  const client = useQueryClient();
  const again = useCapsAgain(org);
  const [busy, setBusy] = useState(false);
  const flip = async (spikeProtection: boolean) => {
    setBusy(true);
    await send(fillPath(projectPath, { org, project }), { method: 'PUT', body: { spikeProtection } }).catch(
      (error: Error) => toast({ tone: 'error', text: error.message }),
    );
    await client.invalidateQueries({ queryKey: projectQuery(org, project).queryKey });
    await again();
    setBusy(false);
  };
  const own = thresholdsOf(caps).filter((cap) => cap.project === project);
  return (
    <Panel title={t('title')} text={t('text')}>
      <Switch checked={on} disabled={busy} onChange={(active) => void flip(active)} data-test-id="spike-protection">
        {t('protect')}
      </Switch>
      {on && own.length === 0 && <p className={c.quiet}>{t('soon')}</p>}
      {on && own.length > 0 && (
        <ul className={c.rows}>
          {own.map((cap) => (
            <li key={cap.id} className={c.row} data-test-id="threshold">
              <b>{nameOf(cap)}</b>
              <Use cap={cap} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Which projects are protected, and how far the present hour is. */
export function SpikesPanel({ org, caps }: { org: string; caps: readonly Cap[] }) {
  const thresholds = thresholdsOf(caps);
  return (
    <Panel title={t('title')} text={t('text')}>
      {thresholds.length === 0 && <p className={c.quiet}>{t('none')}</p>}
      {thresholds.length > 0 && (
        <ul className={c.rows}>
          {thresholds.map((cap) => (
            <li key={cap.id} className={c.row} data-test-id="threshold">
              <div className={c.what}>
                <b>{nameOf(cap)}</b>
                <Link
                  to="/settings/$org/projects/$project/limits/"
                  params={{ org, project: cap.project ?? '' }}
                  className={link.link}
                >
                  {cap.project}
                </Link>
              </div>
              <Use cap={cap} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
