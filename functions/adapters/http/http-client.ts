import type { AgentOptions, ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { SyncError } from '../../core/errors.ts';
import { defaultDeadlineMs, longestDeadlineMs } from '../../core/timing/lease.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../ports/http.ts';
import { type AddressRules, urlFault } from './address-rules.ts';
import { AddressNotAllowed, checkedLookup, type ResolveName } from './checked-lookup.ts';

export interface HttpClientOptions {
  readonly rules: AddressRules;
  /** How names are resolved; the system's resolver if left out. */
  readonly resolve?: ResolveName;
}

const defaultMaxBytes = 10_000_000;
const connectTimeoutMs = 5_000;
/** Servers close idle connections without a word: one that has been idle for longer is not used again. */
const idleMs = 4_000;

/** What Node says of a header or a path that cannot be sent. */
const unsendable: ReadonlySet<string> = new Set([
  'ERR_INVALID_CHAR',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_UNESCAPED_CHARACTERS',
]);

/** Opens a request on a connection of its scheme, kept alive; `standing` are those that can carry one. */
interface Door {
  open(url: URL, request: HttpRequest): ClientRequest;
  /** The event that says that a new connection stands. */
  readonly stands: 'connect' | 'secureConnect';
  readonly standing: WeakSet<Socket>;
}

/** The HttpClient port on Node's own client. Redirects are answers like any other: never followed. */
export function httpClient({ rules, resolve }: HttpClientOptions): HttpClient {
  const kept = { keepAlive: true, timeout: idleMs };
  const secure = secureDoor(kept, checkedLookup(rules, 'https:', resolve));
  let plain: Promise<Door> | undefined;
  function doorOf(scheme: string): Door | Promise<Door> {
    if (scheme !== 'http:') return secure;
    plain ??= plainDoor(kept, checkedLookup(rules, 'http:', resolve));
    return plain;
  }
  return {
    async send(request) {
      const { deadlineMs = defaultDeadlineMs } = request;
      // A link's lease is reckoned from the longest one: a write must never land after it has run out.
      if (deadlineMs > longestDeadlineMs) throw new SyncError('defect', `A deadline of ${deadlineMs} ms is too long.`);
      const url = URL.parse(request.url);
      const fault = url === null ? 'not a URL' : urlFault(rules, url);
      if (url === null || fault !== undefined) throw notAllowed(fault ?? 'not a URL');
      return exchange(await doorOf(url.protocol), url, request, deadlineMs);
    },
  };
}

function secureDoor(kept: AgentOptions, lookup: LookupFunction): Door {
  const agent = new Agent(kept);
  const open = (url: URL, request: HttpRequest) => httpsRequest({ ...sent(url, request), agent, lookup });
  return { open, stands: 'secureConnect', standing: new WeakSet() };
}

/** Loaded when used: few stages allow plain http, and importing `node:http` makes Node load all of its `fetch`. */
async function plainDoor(kept: AgentOptions, lookup: LookupFunction): Promise<Door> {
  const http = await import('node:http');
  const agent = new http.Agent(kept);
  const open = (url: URL, request: HttpRequest) => http.request({ ...sent(url, request), agent, lookup });
  return { open, stands: 'connect', standing: new WeakSet() };
}

function sent(url: URL, { method, headers, body }: HttpRequest) {
  return {
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    method,
    headers: body === undefined ? { ...headers } : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
  };
}

function notAllowed(reason: string): SyncError {
  return new SyncError('misconfigured', `The address is not allowed: ${reason}.`, {
    cause: new AddressNotAllowed(reason),
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no code';
}

/** `started`: the request was given to a connection that stands, so it may have been received. Before that it certainly was not. */
function failure(error: unknown, started: boolean): SyncError {
  if (error instanceof SyncError) return error;
  if (error instanceof AddressNotAllowed) return notAllowed('not a public address');
  const code = codeOf(error);
  if (started) return new SyncError('unknown-outcome', `The connection broke (${code}).`, { cause: error });
  return new SyncError('transient', `No connection (${code}).`, { cause: error });
}

function opened(door: Door, url: URL, request: HttpRequest): ClientRequest {
  try {
    return door.open(url, request);
  } catch (error) {
    if (!unsendable.has(codeOf(error))) throw error;
    throw new SyncError(
      'misconfigured',
      'The request cannot be sent: a header or the address holds a character that is not allowed.',
    );
  }
}

/** A header that came more than once is one text. */
function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(', ')]));
}

function exchange(door: Door, url: URL, request: HttpRequest, deadlineMs: number): Promise<HttpAnswer> {
  const maxBytes = request.maxBytes ?? defaultMaxBytes;
  return new Promise((resolve, reject) => {
    const running = opened(door, url, request);
    let started = false;

    const end = (answer: () => void) => {
      clearTimeout(deadline);
      clearTimeout(connecting);
      answer();
    };
    const fail = (error: unknown) => end(() => reject(failure(error, started)));
    const give = (error: SyncError) => {
      fail(error);
      running.destroy();
    };
    const deadline = setTimeout(() => {
      give(new SyncError(started ? 'unknown-outcome' : 'transient', `No answer within ${deadlineMs} ms.`));
    }, deadlineMs);
    const connecting = setTimeout(() => {
      give(new SyncError('transient', `No connection within ${connectTimeoutMs} ms.`));
    }, connectTimeoutMs);
    const start = () => {
      started = true;
      clearTimeout(connecting);
    };
    /** Whatever else ends it, such as a change of protocol that nobody asked for. */
    const closed = () => fail(new Error('The connection was closed.'));
    const tooLarge = () =>
      give(new SyncError('too-large', `The system's answer is larger than ${maxBytes} bytes: no more of it is read.`));

    running.on('socket', (socket) => {
      if (door.standing.has(socket)) return start();
      socket.once(door.stands, () => {
        door.standing.add(socket);
        start();
      });
    });
    running.on('response', (response) => {
      running.off('close', closed);
      const chunks: Buffer[] = [];
      let size = 0;
      if (Number(response.headers['content-length'] ?? 0) > maxBytes) tooLarge();
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) tooLarge();
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('close', closed);
      response.on('end', () => {
        const text = new TextDecoder().decode(Buffer.concat(chunks));
        end(() => resolve({ status: response.statusCode ?? 0, headers: headersOf(response), text }));
      });
    });
    running.on('error', fail);
    running.on('close', closed);
    running.end(request.body);
  });
}
