import { Link } from '@tanstack/react-router';
import { defineMessages } from '@/lib/i18n/t.ts';
import { useStore } from '@/lib/store.ts';
import { Badge } from '@/ui/Badge.tsx';
import { Breadcrumbs } from '@/ui/Breadcrumbs.tsx';
import { CopyButton } from '@/ui/CopyButton.tsx';
import { LevelMark } from '@/ui/LevelMark.tsx';
import { StateTag } from '@/ui/StateTag.tsx';
import { trail } from '../trail.ts';
import { Facts } from './Facts.tsx';
import { IssueActions } from './IssueActions.tsx';
import c from './IssueHead.module.css';
import type { IssueDetail } from './queries.ts';
import { TrailSteps } from './TrailSteps.tsx';

const t = defineMessages({
  issues: 'Issues',
  copyShortId: 'Copy the short id',
  unhandled: 'unhandled',
});

/** What the issue is called: the kind of error and what it said, or the message alone. */
const namesOf = ({ metadata, title }: IssueDetail): { name: string; value: string | undefined } => {
  const name = metadata.type ?? metadata.title ?? title;
  return { name, value: metadata.value === name ? undefined : metadata.value };
};

export function IssueHead({ issue, place }: { issue: IssueDetail; place: { org: string; issue: string } }) {
  const { search } = useStore(trail);
  const { name, value } = namesOf(issue);
  return (
    <header className={c.head}>
      <div className={c.top}>
        <Breadcrumbs>
          <Link to="/organizations/$org/issues/" params={{ org: place.org }} search={search}>
            {t('issues')}
          </Link>
          <span>{issue.project.slug}</span>
          <span className={c.shortId}>
            {issue.shortId}
            <CopyButton text={issue.shortId} label={t('copyShortId')} />
          </span>
        </Breadcrumbs>
        <TrailSteps id={issue.id} />
      </div>
      <div className={c.titleRow}>
        <div className={c.titles}>
          <h1 className={c.title}>
            <LevelMark level={issue.level} size={14} />
            <span>{name}</span>
            <StateTag status={issue.status} substatus={issue.substatus} />
            {issue.isUnhandled && <Badge tone="error">{t('unhandled')}</Badge>}
          </h1>
          {value && <p className={c.value}>{value}</p>}
          {issue.culprit && <p className={c.culprit}>{issue.culprit}</p>}
        </div>
        <IssueActions issue={issue} place={place} />
      </div>
      <Facts issue={issue} place={place} />
    </header>
  );
}
