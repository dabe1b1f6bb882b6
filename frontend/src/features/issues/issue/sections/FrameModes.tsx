import { defineMessages } from '@/lib/i18n/t.ts';
import { type Preferences, preferences, usePreferences } from '@/lib/preferences.ts';
import { Segmented } from '@/ui/Segmented.tsx';

const t = defineMessages({ label: 'Frames', app: 'In app', all: 'All {n}', raw: 'Raw' });

type FrameMode = Preferences['frameMode'];

/** Which frames are shown. The choice holds for every stack trace from then on. */
export function FrameModes({ frames }: { frames: number }) {
  const { frameMode } = usePreferences();
  const options: { id: FrameMode; label: string }[] = [
    { id: 'app', label: t('app') },
    { id: 'all', label: t('all', { n: frames }) },
    { id: 'raw', label: t('raw') },
  ];
  return (
    <Segmented
      label={t('label')}
      value={frameMode}
      options={options}
      onChange={(mode) => preferences.change({ frameMode: mode })}
    />
  );
}
