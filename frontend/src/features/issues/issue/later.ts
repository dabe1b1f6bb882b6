/** What an event page draws after its first paint, in one chunk: below the fold, folded, or waiting for another answer. */
export { EventRest } from './EventRest.tsx';
export { PlainText } from './parts/PlainText.tsx';
export { SideColumn } from './SideColumn.tsx';
export { ActivitySection } from './sections/ActivitySection.tsx';
export { FrameValues } from './sections/FrameValues.tsx';
export { MinifiedNote } from './sections/MinifiedNote.tsx';
export { ProcessingErrors } from './sections/ProcessingErrors.tsx';
