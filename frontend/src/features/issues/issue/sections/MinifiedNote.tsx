import { defineMessages } from '@/lib/i18n/t.ts';
import { Banner } from '@/ui/Banner.tsx';
import c from './MinifiedNote.module.css';

const t = defineMessages({
  note: 'These frames are those of the shipped code: no source map was applied, so names, lines and columns are not yours.',
  file: 'Without source map: {file}',
  more: { one: 'and {n} more file', other: 'and {n} more files' },
});

const NAMED = 3;

/** Why the frames read like noise: which files lack a source map. */
export function MinifiedNote({ files }: { files: readonly string[] }) {
  return (
    <div className={c.note}>
      <Banner tone="warning">
        {t('note')}
        {files.slice(0, NAMED).map((file) => (
          <p key={file} className={c.file}>
            {t('file', { file })}
          </p>
        ))}
        {files.length > NAMED && <p>{t('more', { n: files.length - NAMED })}</p>}
      </Banner>
    </div>
  );
}
