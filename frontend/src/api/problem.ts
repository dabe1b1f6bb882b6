import { defineMessages } from '@/lib/i18n/t.ts';

const t = defineMessages({
  offline: 'The server cannot be reached. Check the connection; nothing you typed is lost.',
  unexpected: 'The server answered with status {status}.',
  malformed: 'The server answered with something that is not JSON.',
});

/** Messages by field name, as forms show them. */
export type FieldErrors = Record<string, string[]>;

/** An answer that is not a success. `message` is fit to be shown. */
export class Problem extends Error {
  /** HTTP status; 0 when the server could not be reached at all. */
  readonly status: number;
  readonly fields: FieldErrors;
  /** What to quote to the administrator. */
  readonly requestId: string | undefined;
  /** Seconds to wait, where the server said so. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    details: { status: number; fields?: FieldErrors; requestId?: string | undefined; retryAfter?: number | undefined },
  ) {
    super(message);
    this.name = 'Problem';
    this.status = details.status;
    this.fields = details.fields ?? {};
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
  }
}

/** The status of anything thrown by a query; undefined when it is not an answer of the server. */
export const problemStatus = (error: unknown): number | undefined =>
  error instanceof Problem ? error.status : undefined;

export const offlineProblem = (): Problem => new Problem(t('offline'), { status: 0 });
export const malformedProblem = (status: number): Problem => new Problem(t('malformed'), { status });

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

/** Django's two forms of a refusal: {"detail": "…"} or {"field": ["…"]}; `detail` may be {"message": "…"}. */
const readBody = (body: unknown): { detail: string | undefined; fields: FieldErrors } => {
  if (typeof body !== 'object' || body === null) return { detail: undefined, fields: {} };
  const { detail, ...rest } = body as Record<string, unknown>;
  const nested = (detail as { message?: unknown } | null | undefined)?.message;
  const fields: FieldErrors = {};
  for (const [name, value] of Object.entries(rest)) if (isTexts(value)) fields[name] = value;
  const text = typeof detail === 'string' ? detail : typeof nested === 'string' ? nested : undefined;
  return { detail: text ?? fields.nonFieldErrors?.[0] ?? fields.non_field_errors?.[0], fields };
};

const seconds = (header: string | null): number | undefined => {
  const value = Number(header);
  return header && Number.isFinite(value) ? Math.max(0, value) : undefined;
};

/** Reads a refused answer into a `Problem`. */
export const problemOf = async (response: Response): Promise<Problem> => {
  const body = await response.json().catch(() => undefined);
  const { detail, fields } = readBody(body);
  return new Problem(detail ?? Object.values(fields)[0]?.[0] ?? t('unexpected', { status: response.status }), {
    status: response.status,
    fields,
    requestId: response.headers.get('X-Request-Id') ?? undefined,
    retryAfter: seconds(response.headers.get('Retry-After')),
  });
};
