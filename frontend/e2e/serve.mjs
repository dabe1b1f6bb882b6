/** Serves dist/ under the same headers as nginx does, with the stand-in API: `node e2e/serve.mjs 8510`. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMockApi } from './mock-api.mjs';

/** `MOCK='{"empty":true}' node e2e/serve.mjs` shows a first run; signedOut, health, down and issues likewise. */
const api = createMockApi(JSON.parse(process.env.MOCK ?? '{}'));
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'";

const serveFile = (response, path) => {
  const file = join(dist, normalize(path));
  const found = file.startsWith(dist) && existsSync(file) && statSync(file).isFile() ? file : join(dist, 'index.html');
  response.writeHead(200, {
    'Content-Type': types[extname(found)] ?? 'application/octet-stream',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
  });
  response.end(readFileSync(found));
};

const serveApi = async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const reply = api.answer(request.method, request.url, text ? JSON.parse(text) : undefined);
  response.writeHead(reply.status, {
    'Content-Type': 'application/json',
    'Set-Cookie': 'csrf=mock; Path=/',
    ...reply.headers,
  });
  response.end(reply.body);
};

const port = Number(process.argv[2] ?? 8510);
createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname.startsWith('/api/0/')) void serveApi(request, response);
  else serveFile(response, pathname);
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
