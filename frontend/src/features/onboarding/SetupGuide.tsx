import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Project } from '@/api/types.ts';
import { defineMessages } from '@/lib/i18n/t.ts';
import { Button } from '@/ui/Button.tsx';
import { CopyButton } from '@/ui/CopyButton.tsx';
import { CodeBlock } from '@/ui/code/CodeBlock.tsx';
import { ErrorState } from '@/ui/ErrorState.tsx';
import { PlatformMark } from '@/ui/PlatformMark.tsx';
import { Segmented } from '@/ui/Segmented.tsx';
import { Skeleton } from '@/ui/Skeleton.tsx';
import { type Dsn, readDsn } from './dsn.ts';
import { FirstEvent } from './FirstEvent.tsx';
import { PlatformPicker } from './PlatformPicker.tsx';
import { platformOf } from './platforms/all.ts';
import type { Platform } from './platforms/platform.ts';
import { keysQuery } from './queries.ts';
import c from './SetupGuide.module.css';

const t = defineMessages({
  platform: 'Choose a platform',
  other: 'Choose another',
  install: 'Install the SDK',
  manager: 'Package manager',
  command: 'Command to install',
  configure: 'Tell it where to send',
  configureCode: 'Code to configure the SDK',
  verify: 'Let something fail',
  verifyText: 'Any exception nobody catches will do. This one fails on purpose:',
  shell: 'Send an event',
  shellText: 'One request is an event. Send it from a script when something goes wrong:',
  verifyCode: 'Code that fails',
  dsn: 'DSN',
  dsnText: 'Everything an SDK needs to know. It may be public: it allows sending events, and nothing else.',
  noKey: 'This project has no active client key. Create one in its settings, then come back.',
});

function Step({
  number,
  title,
  aside,
  children,
}: {
  number: number;
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={c.step}>
      <header>
        <span className={c.number} aria-hidden="true">
          {number}
        </span>
        <h2>{title}</h2>
        {aside && <div className={c.aside}>{aside}</div>}
      </header>
      <div className={c.content}>{children}</div>
    </section>
  );
}

function Install({ platform, number }: { platform: Platform; number: number }) {
  const [manager, choose] = useState(platform.install[0]?.manager ?? '');
  const chosen = platform.install.find((each) => each.manager === manager) ?? platform.install[0];
  if (!chosen) return null;
  const managers = platform.install.length > 1 && (
    <Segmented
      label={t('manager')}
      value={chosen.manager}
      options={platform.install.map((each) => ({ id: each.manager, label: each.manager }))}
      onChange={choose}
    />
  );
  return (
    <Step number={number} title={t('install')} aside={managers}>
      <CodeBlock code={chosen.command} language={chosen.language ?? 'bash'} label={t('command')} />
    </Step>
  );
}

function Guide({ platform, dsn }: { platform: Platform; dsn: Dsn }) {
  const configure = platform.configure(dsn);
  const verify = platform.verify(dsn);
  const installs = platform.install.length > 0;
  return (
    <>
      <Install key={platform.id} platform={platform} number={2} />
      {configure && (
        <Step number={3} title={t('configure')}>
          <CodeBlock {...configure} label={t('configureCode')} />
        </Step>
      )}
      <Step number={installs ? 4 : 2} title={installs ? t('verify') : t('shell')}>
        <p className={c.hint}>{installs ? t('verifyText') : t('shellText')}</p>
        <CodeBlock {...verify} label={t('verifyCode')} />
      </Step>
    </>
  );
}

function DsnLine({ dsn }: { dsn: Dsn }) {
  return (
    <div className={c.dsn}>
      <span className={c.dsnLabel}>{t('dsn')}</span>
      <code data-test-id="dsn">{dsn.text}</code>
      <CopyButton text={dsn.text} />
      <p className={c.hint}>{t('dsnText')}</p>
    </div>
  );
}

/** From nothing to the first event: platform, package, configuration, something that fails, and the wait for it. */
export function SetupGuide({
  org,
  project,
  platformId,
  onPlatform,
}: {
  org: string;
  project: Project;
  platformId: string | undefined;
  onPlatform: (id: string) => void;
}) {
  const platform = platformOf(platformId);
  const [picking, setPicking] = useState(!platform);
  const keys = useQuery(keysQuery(org, project.slug));
  const pick = (id: string) => {
    setPicking(false);
    onPlatform(id);
  };
  const key = keys.data?.find(({ isActive }) => isActive);
  const dsn = key && readDsn(key.dsn.public);
  if (keys.error && !keys.data) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />;
  const other = !picking && (
    <Button size="sm" onPress={() => setPicking(true)} data-test-id="other-platform">
      {t('other')}
    </Button>
  );
  return (
    <div className={c.guide}>
      <Step number={1} title={t('platform')} aside={other}>
        {picking || !platform ? (
          <PlatformPicker value={platform?.id} onPick={pick} />
        ) : (
          <p className={c.chosen}>
            <PlatformMark platform={platform.id} />
            <b>{platform.name}</b>
          </p>
        )}
      </Step>
      {keys.isPending && <Skeleton rows={4} height={40} />}
      {keys.data && !dsn && <p role="alert">{t('noKey')}</p>}
      {dsn && (
        <>
          {platform && !picking && <Guide platform={platform} dsn={dsn} />}
          <DsnLine dsn={dsn} />
          <FirstEvent org={org} project={project} dsn={dsn} />
        </>
      )}
    </div>
  );
}
