import { useState } from 'react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { CopyButton } from '@/ui/CopyButton.tsx';
import { Segmented } from '@/ui/Segmented.tsx';
import { curlCommand } from '../model/curl.ts';
import { type EventDetail, entryOf } from '../model/event.ts';
import { metaAt } from '../model/redaction.ts';
import { bodyText, fullUrl, type HttpRequest, pathOf, readRequest } from '../model/request.ts';
import { ExternalText } from '../parts/ExternalText.tsx';
import { type Pair, Pairs } from '../parts/Pairs.tsx';
import { PlainText } from '../parts/PlainText.tsx';
import { Section } from '../parts/Section.tsx';
import { ValueTree } from '../parts/ValueTree.tsx';
import c from './RequestSection.module.css';

const t = defineMessages({
  title: 'Request',
  query: 'Query',
  headers: 'Headers',
  cookies: 'Cookies',
  env: 'Environment',
  body: 'Body',
  copy: 'Copy as curl',
  form: 'Form',
  formatted: 'Formatted',
  raw: 'As sent',
});

type View = 'formatted' | 'raw';

function Part({ title, rows }: { title: string; rows: Pair[] }) {
  if (rows.length === 0) return null;
  return (
    <div className={c.part}>
      <h3>{title}</h3>
      <Pairs rows={rows} />
    </div>
  );
}

/** JSON sent as text is shown as what it means. */
const parsed = (body: unknown): unknown => {
  if (typeof body !== 'string' || !/^\s*[[{]/.test(body)) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const pairRows = (pairs: HttpRequest['headers'], meta: unknown): Pair[] =>
  pairs.map(([name, value], at) => ({ name, value, meta: metaAt(meta, at, 1) ?? metaAt(meta, name) }));

function Formatted({ request }: { request: HttpRequest }) {
  const { meta, body } = request;
  return (
    <>
      <Part title={t('query')} rows={pairRows(request.query, metaAt(meta, 'query'))} />
      {body !== undefined && (
        <div className={c.part}>
          <h3>{t('body')}</h3>
          <div className={c.body}>
            <ValueTree value={parsed(body)} meta={metaAt(meta, 'data')} startsOpen />
          </div>
        </div>
      )}
      <Part title={t('headers')} rows={pairRows(request.headers, metaAt(meta, 'headers'))} />
      <Part title={t('cookies')} rows={pairRows(request.cookies, metaAt(meta, 'cookies'))} />
      <Part title={t('env')} rows={pairRows(request.env, metaAt(meta, 'env'))} />
    </>
  );
}

const asSent = (request: HttpRequest): string =>
  [
    `${request.method} ${fullUrl(request)}`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    bodyText(request) ?? '',
  ]
    .join('\n')
    .trimEnd();

/** The HTTP request during which it happened. */
export function RequestSection({ event }: { event: EventDetail }) {
  const [view, setView] = useState<View>('formatted');
  const request = readRequest(entryOf(event, 'request'));
  if (!request) return null;
  const controls = (
    <>
      <CopyButton text={curlCommand(request)} data-test-id="copy-curl">
        {t('copy')}
      </CopyButton>
      <Segmented
        label={t('form')}
        value={view}
        options={[
          { id: 'formatted', label: t('formatted') },
          { id: 'raw', label: t('raw') },
        ]}
        onChange={setView}
      />
    </>
  );
  return (
    <Section id="request" title={t('title')} note={`${request.method} ${pathOf(request.url)}`} aside={controls}>
      {view === 'raw' ? (
        <PlainText text={asSent(request)} label={t('raw')} />
      ) : (
        <>
          <p className={c.url}>
            <b>{request.method}</b> {request.url}
            <ExternalText text={fullUrl(request)} />
          </p>
          <Formatted request={request} />
        </>
      )}
    </Section>
  );
}
