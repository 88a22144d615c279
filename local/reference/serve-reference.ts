// The reference of the API as a page: Swagger UI over the document that the running API serves. Scripts and styles come
// from here alone, and calls that a person tries go through here too, for the browser lets the page ask nobody else.
import { createReadStream } from 'node:fs';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { listen, type RunningServer } from '../crm-simulator/http.ts';

const ui = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ERP Sync: reference of the API</title>
<link rel="icon" href="/favicon.png">
<link rel="stylesheet" href="/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/swagger-ui-bundle.js"></script>
<script src="/reference.js"></script>
</body>
</html>
`;

/** Without a validator, which is another host. */
const script = `SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  filter: true,
  validatorUrl: null,
});
`;

const texts = new Map([
  ['/', { type: 'text/html; charset=utf-8', text: page }],
  ['/reference.js', { type: 'text/javascript; charset=utf-8', text: script }],
]);

const files = new Map([
  ['/swagger-ui.css', { type: 'text/css; charset=utf-8', file: path.join(ui, 'swagger-ui.css') }],
  ['/swagger-ui-bundle.js', { type: 'text/javascript; charset=utf-8', file: path.join(ui, 'swagger-ui-bundle.js') }],
  ['/favicon.png', { type: 'image/png', file: path.join(ui, 'favicon-32x32.png') }],
]);

const headers = {
  // Swagger UI's style sheet holds its icons as data.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The API's own answer; its key is what the person entered. */
function passOn(apiUrl: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { host: _host, connection: _connection, ...sent } = incoming.headers;
  const { method } = incoming;
  const onwards = ask(`${apiUrl}${incoming.url}`, { method, headers: sent }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onwards.on('error', () => {
    if (!outgoing.headersSent) outgoing.writeHead(502, headers);
    outgoing.end();
  });
  incoming.pipe(onwards);
}

export interface ReferenceOptions {
  /** Of the loopback address; 0 takes a free one. */
  readonly port: number;
  /** Without `/v1`. */
  readonly apiUrl: string;
}

/** Rejects if the port is taken. */
export function serveReference({ port, apiUrl }: ReferenceOptions): Promise<RunningServer> {
  return listen(port, (incoming, outgoing) => {
    const asked = incoming.url ?? '';
    if (asked.startsWith('/v1/')) return passOn(apiUrl, incoming, outgoing);
    const text = texts.get(asked);
    const file = files.get(asked);
    const isRead = incoming.method === 'GET';
    if (isRead && text) return outgoing.writeHead(200, { ...headers, 'content-type': text.type }).end(text.text);
    if (isRead && file) {
      outgoing.writeHead(200, { ...headers, 'content-type': file.type });
      return createReadStream(file.file).pipe(outgoing);
    }
    return outgoing.writeHead(404, headers).end();
  });
}
