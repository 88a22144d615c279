import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { badRequest } from './api-error.ts';
import type { Json } from './json.ts';

/** An answer: JSON unless `html` is given; neither means an empty body. */
export type Reply = { status: number; json?: Json; html?: string; headers?: Record<string, string> };

/** Nobody else's page shows one of ours in a frame, and none of ours asks another host for anything. */
export const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export function parseJson(body: string): Json {
  if (body.trim() === '') throw badRequest('The request has no body.');
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw badRequest('The body is not JSON.');
  }
}

export function send(response: ServerResponse, reply: Reply): void {
  const text = reply.json === undefined ? (reply.html ?? '') : JSON.stringify(reply.json);
  const form =
    reply.json === undefined
      ? { 'Content-Type': 'text/html; charset=utf-8', ...pageHeaders }
      : { 'Content-Type': 'application/json; charset=utf-8' };
  response.writeHead(reply.status, text === '' ? reply.headers : { ...form, ...reply.headers });
  response.end(text);
}

/** A browser at the front door. */
export function asksForPage({ method, url, headers }: IncomingMessage): boolean {
  return method === 'GET' && url === '/' && (headers.accept ?? '').includes('text/html');
}

export type RunningServer = { url: string; stop: () => Promise<void> };

/** Listens on loopback; port 0 takes a free one. Rejects if the port is taken. */
export async function listen(port: number, listener: RequestListener): Promise<RunningServer> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
