import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the service's connection goes through on its way to Tryton, so that a test can count, stop and get in between. */
export interface ErpProxy {
  url: string;
  /** RPC methods that passed since the last question, in order, e.g. `model.party.party.write`. */
  methods(): string[];
  /** Runs when the service has read and is about to write. */
  beforeNextWrite(edit: () => Promise<void>): void;
  /** Nobody listens any more, as when the ERP is stopped. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

export async function startErpProxy(target: string): Promise<ErpProxy> {
  let passed: string[] = [];
  let beforeWrite: (() => Promise<void>) | undefined;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { method = '' }: { method?: string } = body === '' ? {} : JSON.parse(body);
    passed.push(method);
    if (method.endsWith('.write')) {
      const edit = beforeWrite;
      beforeWrite = undefined;
      await edit?.();
    }
    const { authorization } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      body,
    });
    const { date = '', 'content-type': type = 'text/plain' } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, { date, 'content-type': type });
    response.end(await answer.text());
  }

  const listen = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer((request, response) => {
        pass(request, response).catch(() => response.destroy());
      });
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    methods() {
      const since = passed;
      passed = [];
      return since;
    },
    beforeNextWrite(edit) {
      beforeWrite = edit;
    },
    goDown: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    async comeBack() {
      server = await listen(port);
    },
  };
}
