import { lazy, Suspense, useEffect, useState } from 'react';
import { useStore } from '@/lib/store.ts';
import { pendingToasts } from './toast.ts';

const ToastRegion = lazy(() => import('./ToastRegion.tsx'));

/** Sits once in the application; the code of the toasts arrives with the first of them. */
export function ToastHost() {
  const waiting = useStore(pendingToasts).length > 0;
  const [needed, setNeeded] = useState(false);
  useEffect(() => {
    if (waiting) setNeeded(true);
  }, [waiting]);
  return needed ? (
    <Suspense>
      <ToastRegion />
    </Suspense>
  ) : null;
}
