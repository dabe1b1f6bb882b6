import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { readStored, writeStored } from '@/lib/storage.ts';
import { createStore, useStore } from '@/lib/store.ts';
import c from './Section.module.css';

const stored = typeof localStorage === 'undefined' ? {} : readStored<Record<string, boolean>>('sections', {});
/** Which sections somebody folded or unfolded; the choice holds for every event. */
const folding = createStore<Record<string, boolean>>(stored);

export const setSectionOpen = (id: string, open: boolean): void => {
  folding.set({ ...folding.get(), [id]: open });
  writeStored('sections', folding.get());
};

/** One part of an event. Its content is not drawn while it is folded. */
export function Section({
  id,
  title,
  note,
  aside,
  startsOpen = true,
  children,
}: {
  id: string;
  title: string;
  /** A figure or a few words beside the title. */
  note?: ReactNode;
  /** Controls at the right of the heading, shown while open. */
  aside?: ReactNode;
  startsOpen?: boolean;
  children: ReactNode;
}) {
  const open = useStore(folding)[id] ?? startsOpen;
  return (
    <section id={id} aria-labelledby={`${id}-title`} className={c.section}>
      <header className={c.head}>
        <h2 id={`${id}-title`} className={c.title}>
          <button
            type="button"
            aria-expanded={open}
            aria-controls={`${id}-body`}
            onClick={() => setSectionOpen(id, !open)}
          >
            <ChevronRight size={13} aria-hidden="true" className={c.chevron} />
            {title}
            {note !== undefined && <span className={c.note}>{note}</span>}
          </button>
        </h2>
        {open && aside && <div className={c.aside}>{aside}</div>}
      </header>
      <div id={`${id}-body`} className={c.body} hidden={!open}>
        {open && children}
      </div>
    </section>
  );
}
