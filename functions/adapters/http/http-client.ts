import { Agent, buildConnector, type Dispatcher } from 'undici';
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

/** The HttpClient port on undici. Redirects are answers like any other: never followed. */
export function httpClient({ rules, resolve }: HttpClientOptions): HttpClient {
  const connector = (scheme: 'http:' | 'https:') =>
    buildConnector({ timeout: connectTimeoutMs, lookup: checkedLookup(rules, scheme, resolve) });
  const plain = connector('http:');
  const secure = connector('https:');
  const agent = new Agent({
    connect: (options, done) => (options.protocol === 'http:' ? plain : secure)(options, done),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async send(request) {
      const { deadlineMs = defaultDeadlineMs } = request;
      // A link's lease is reckoned from the longest one: a write must never land after it has run out.
      if (deadlineMs > longestDeadlineMs) throw new SyncError('defect', `A deadline of ${deadlineMs} ms is too long.`);
      const url = URL.parse(request.url);
      const fault = url === null ? 'not a URL' : urlFault(rules, url);
      if (url === null || fault !== undefined) throw notAllowed(fault ?? 'not a URL');
      return exchange(agent, url, request, deadlineMs);
    },
  };
}

function notAllowed(reason: string): SyncError {
  return new SyncError('misconfigured', `The address is not allowed: ${reason}.`, {
    cause: new AddressNotAllowed(reason),
  });
}

/** `started`: undici has begun to write the request, so it may have been received. Before that it certainly was not. */
function failure(error: unknown, started: boolean): SyncError {
  if (error instanceof SyncError) return error;
  if (error instanceof AddressNotAllowed) return notAllowed('not a public address');
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  if (started) return new SyncError('unknown-outcome', `The connection broke (${code}).`, { cause: error });
  if (code === 'UND_ERR_INVALID_ARG') {
    return new SyncError(
      'misconfigured',
      'The request cannot be sent: a header or the address holds a character that is not allowed.',
    );
  }
  return new SyncError('transient', `No connection (${code}).`, { cause: error });
}

function exchange(agent: Agent, url: URL, request: HttpRequest, deadlineMs: number): Promise<HttpAnswer> {
  const maxBytes = request.maxBytes ?? defaultMaxBytes;
  return new Promise((resolve, reject) => {
    let running: Dispatcher.DispatchController | undefined;
    let ended = false;
    let status = 0;
    let headers: Record<string, string> = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const end = (answer: () => void) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      answer();
    };
    const give = (error: SyncError) => {
      end(() => reject(error));
      running?.abort(error);
    };
    const timer = setTimeout(() => {
      const kind = running ? 'unknown-outcome' : 'transient';
      give(new SyncError(kind, `No answer within ${deadlineMs} ms.`));
    }, deadlineMs);
    const tooLarge = () => give(new SyncError('too-large', `The answer is larger than ${maxBytes} bytes.`));

    agent.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: { ...request.headers },
        body: request.body ?? null,
      },
      {
        onRequestStart(controller) {
          running = controller;
          if (ended) controller.abort(new Error('The deadline has passed.'));
        },
        onResponseStart(_controller, statusCode, received) {
          status = statusCode;
          headers = Object.fromEntries(
            Object.entries(received).map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(', ')]),
          );
          if (Number(headers['content-length'] ?? 0) > maxBytes) tooLarge();
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > maxBytes) tooLarge();
          else chunks.push(chunk);
        },
        onResponseEnd() {
          end(() => resolve({ status, headers, text: new TextDecoder().decode(Buffer.concat(chunks)) }));
        },
        onResponseError(_controller, error) {
          end(() => reject(failure(error, running !== undefined)));
        },
      },
    );
  });
}
