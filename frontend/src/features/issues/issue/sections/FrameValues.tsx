import { defineMessages } from '@/lib/i18n/t.ts';
import { metaAt } from '../model/redaction.ts';
import { type Frame, frameFacts } from '../model/stack.ts';
import { ExternalText } from '../parts/ExternalText.tsx';
import { ValueTree } from '../parts/ValueTree.tsx';
import c from './FrameValues.module.css';

const t = defineMessages({
  variables: 'Local variables',
  module: 'Module',
  package: 'Package',
  path: 'Path',
  address: 'Address',
  symbol: 'Symbol',
});

/** The local variables of a frame, and what else is known of it. Arrives after the source around it. */
export function FrameValues({ frame }: { frame: Frame }) {
  const variables = Object.entries(frame.vars ?? {});
  const facts = frameFacts(frame);
  return (
    <>
      {variables.length > 0 && (
        <dl className={c.rows} aria-label={t('variables')}>
          {variables.map(([name, value]) => (
            <div key={name}>
              <dt className={c.variable}>{name}</dt>
              <dd>
                <ValueTree value={value} meta={metaAt(frame.meta, 'vars', name)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {facts.length > 0 && (
        <dl className={c.rows}>
          {facts.map(([fact, value]) => (
            <div key={fact}>
              <dt>{t(fact)}</dt>
              <dd>
                {value}
                <ExternalText text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
