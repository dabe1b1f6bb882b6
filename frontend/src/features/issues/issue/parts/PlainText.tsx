import { CopyButton } from '@/ui/CopyButton.tsx';
import c from './PlainText.module.css';

/** Text as it is, to be read sideways and copied in one go. */
export function PlainText({ text, label }: { text: string; label: string }) {
  return (
    <div className={c.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group and not a landmark, as a page of chained errors has many. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, so the keyboard must get there. */}
      <div role="group" tabIndex={0} aria-label={label} className={c.scroller}>
        <pre>{text}</pre>
      </div>
      <CopyButton text={text} className={c.copy} />
    </div>
  );
}
