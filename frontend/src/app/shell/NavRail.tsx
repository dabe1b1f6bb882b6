import { IssuesBadge } from '@/features/issues/IssuesBadge.tsx';
import { groupBy } from '@/lib/group.ts';
import { IngestHealthLine } from './IngestHealth.tsx';
import { NavLink } from './NavLink.tsx';
import c from './NavRail.module.css';
import { type NavEntry, navEntries, t } from './nav.ts';
import { OrgSwitch } from './OrgSwitch.tsx';

const railEntries = navEntries.filter((entry) => !entry.foot);
const footEntries = navEntries.filter((entry) => entry.foot);

function Entry({ entry }: { entry: NavEntry }) {
  const Icon = entry.icon;
  return (
    <li>
      <NavLink entry={entry} className={c.link}>
        <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
        <span className={c.name}>{entry.label}</span>
        {entry.id === 'issues' && <IssuesBadge className={c.badge} />}
      </NavLink>
    </li>
  );
}

/** The way around, at the left. Narrow screens show icons only, phones the bottom bar instead. */
export function NavRail() {
  return (
    <nav className={c.rail} aria-label={t('main')}>
      <OrgSwitch />
      {[...groupBy(railEntries, (entry) => entry.group ?? '')].map(([heading, entries]) => (
        <div key={heading} className={c.group}>
          {heading && <h2 className={c.heading}>{heading}</h2>}
          <ul>
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        </div>
      ))}
      <div className={c.foot}>
        <ul>
          {footEntries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
        <IngestHealthLine />
      </div>
    </nav>
  );
}
