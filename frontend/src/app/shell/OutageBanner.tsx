import { outage } from '@/api/outage.ts';
import { useStore } from '@/lib/store.ts';
import { Banner } from '@/ui/Banner.tsx';
import c from './OutageBanner.module.css';

/** Over every page while the server cannot answer; what was loaded stays below, and it goes by itself. */
export function OutageBanner() {
  const problem = useStore(outage);
  return problem ? (
    <div className={c.outage} data-test-id="outage">
      <Banner tone="warning">{problem.message}</Banner>
    </div>
  ) : null;
}
