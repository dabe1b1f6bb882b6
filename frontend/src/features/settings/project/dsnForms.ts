import { defineMessages } from '@/lib/i18n/t.ts';
import type { DsnForms } from '../queries.ts';

const t = defineMessages({
  csp: 'Content-Security-Policy reports',
  security: 'Other security reports',
  nel: 'Network error reports',
  minidump: 'Minidumps',
  unreal: 'Unreal Engine',
  otlp_traces: 'OpenTelemetry traces',
  otlp_logs: 'OpenTelemetry logs',
  crons: 'Check-ins of jobs',
  secret: 'DSN with secret, for very old SDKs',
});

const order = ['csp', 'security', 'nel', 'minidump', 'unreal', 'otlp_traces', 'otlp_logs', 'crons', 'secret'] as const;

/** The other addresses of a key that this server has, named by what goes there. */
export const otherForms = (dsn: DsnForms): { id: string; label: string; value: string }[] =>
  order.flatMap((id) => {
    const value = dsn[id];
    return value ? [{ id, label: t(id), value }] : [];
  });
