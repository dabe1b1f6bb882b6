// Sentry's own description of its web API, as a judge of live answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { shared } from './shared.mjs';

const ajv = addFormats.default(new Ajv({ allErrors: true, strict: false }));

const pattern = (template) => {
  const segments = template.split('/').map((segment) => (segment.startsWith('{') ? '[^/]+' : RegExp.escape(segment)));
  return new RegExp(`^${segments.join('/')}$`);
};

/** How many segments a template fixes: /issues/ is never taken for /{issue_id}/ of another. */
const fixed = (template) => template.split('/').filter((segment) => segment && !segment.startsWith('{')).length;

/**
 * What Sentry itself answers otherwise than it says: a monitor's environments are a list, nobody need own it, and an
 * interval is a number and a unit.
 */
const mistakes = [/^(\/\d+)?\/environments must be object/, /^(\/\d+)?\/owner must be object/, /\/config\/schedule(\/1)? must /];
const isMistake = (text) => mistakes.some((each) => each.test(text));

const complaint = ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;

/** Reads the description; `documents(method, path)` and `problems(method, path, status, body)` judge by it. */
export function readOpenApi() {
  const { paths } = JSON.parse(readFileSync(join(shared, 'data/api/openapi-derefed.json'), 'utf8'));
  const templates = Object.keys(paths)
    .map((template) => ({ template, pattern: pattern(template), weight: fixed(template) }))
    .sort((a, b) => b.weight - a.weight);
  const validators = new Map();

  const operation = (method, path) => {
    const found = templates.find((each) => each.pattern.test(path) && paths[each.template][method.toLowerCase()]);
    return found && paths[found.template][method.toLowerCase()];
  };

  return {
    documents: (method, path) => operation(method, path) !== undefined,
    problems(method, path, status, body) {
      const response = operation(method, path).responses[String(status)];
      if (!response) return [`the status ${status} is not described`];
      const schema = response.content?.['application/json']?.schema;
      if (!schema) return [];
      if (!validators.has(schema)) validators.set(schema, ajv.compile(schema));
      const validate = validators.get(schema);
      return validate(body) ? [] : validate.errors.map(complaint).filter((text) => !isMistake(text));
    },
  };
}
