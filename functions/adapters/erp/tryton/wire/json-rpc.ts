import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import { withoutSlashes } from '../../../../core/values/without-slashes.ts';
import type { HttpAnswer, HttpClient } from '../../../../ports/http.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { httpDateMs } from '../../../http/retry-after.ts';
import { answerError, type Effect } from './answer-error.ts';
import { statusError } from './status-error.ts';
import { parseWire } from './wire-values.ts';

interface RpcRequest {
  /** Below the server's address, e.g. `/rpc/`. */
  readonly path: string;
  readonly method: string;
  readonly params: readonly unknown[];
  readonly effect: Effect;
  readonly authorization?: string;
  readonly deadlineMs?: number;
}

export interface RpcAnswer {
  readonly result: unknown;
  /** The server's clock when the call began, never later: its `Date` less what the call took. Undefined without a `Date`. */
  readonly beganAtMs: number | undefined;
  /** Our own clock then. */
  readonly sentAtMs: number;
}

/** One JSON-RPC exchange; `unauthorised` for a 401. */
export type JsonRpc = (request: RpcRequest) => Promise<RpcAnswer>;

const Body = z
  .looseObject({ id: z.number(), result: z.unknown(), error: z.unknown() })
  .partial({ result: true, error: true });

export interface JsonRpcDeps {
  readonly http: HttpClient;
  readonly runtime: Runtime;
  readonly url: string;
}

async function exchange(http: HttpClient, base: string, request: RpcRequest): Promise<HttpAnswer> {
  try {
    return await http.send({
      method: 'POST',
      url: `${base}${request.path}`,
      headers: {
        'content-type': 'application/json',
        ...(request.authorization !== undefined && { authorization: request.authorization }),
      },
      // Without exactly these three members errors come back as HTTP statuses with HTML pages.
      body: JSON.stringify({ id: 1, method: request.method, params: request.params }),
      deadlineMs: request.deadlineMs,
    });
  } catch (error) {
    if (request.effect !== 'write' && error instanceof SyncError && error.kind === 'unknown-outcome') {
      throw new SyncError('transient', 'No answer from Tryton.', { cause: error });
    }
    throw error;
  }
}

function parsed(answer: HttpAnswer): z.infer<typeof Body> | undefined {
  if (answer.status !== 200) return undefined;
  try {
    return Body.safeParse(parseWire(answer.text)).data;
  } catch {
    return undefined;
  }
}

export function jsonRpc({ http, runtime, url }: JsonRpcDeps): JsonRpc {
  const base = withoutSlashes(url);
  return async (request) => {
    const sentAtMs = runtime.nowMs();
    const answer = await exchange(http, base, request);
    const receivedAtMs = runtime.nowMs();
    const body = parsed(answer);
    if (body === undefined) throw statusError(answer, request.effect, receivedAtMs);
    if ('error' in body) throw answerError(body.error, request.effect);
    const dateMs = httpDateMs(answer.headers.date);
    return {
      result: body.result,
      sentAtMs,
      beganAtMs: dateMs === undefined ? undefined : dateMs - (receivedAtMs - sentAtMs),
    };
  };
}
