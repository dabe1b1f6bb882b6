import { ExternalLink } from 'lucide-react';
import { defineMessages } from '@/lib/i18n/t.ts';
import { externalLink } from '@/lib/url.ts';
import c from './ExternalText.module.css';

const t = defineMessages({ open: 'Open {host} in a new tab' });

/** A way to open an address found in event data; its host is told before one goes there. Nothing for other text. */
export function ExternalText({ text, label }: { text: string; label?: string }) {
  const link = /^(https?:\/\/|mailto:)\S+$/i.test(text) ? externalLink(text) : undefined;
  if (!link) return null;
  return (
    <a
      href={link.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className={c.link}
      title={t('open', { host: link.host })}
    >
      <ExternalLink size={12} aria-hidden="true" />
      {label ?? link.host}
      {!label && <span className="sr-only"> ({t('open', { host: link.host })})</span>}
    </a>
  );
}
