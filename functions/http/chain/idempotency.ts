/**
 * Idempotency-Key on every POST: the same key with the same request (by the same caller) gives the same answer for 24
 * hours, without the names of records: kept they would outlive the erasing of a record. Bodies are kept only as a keyed
 * hash. A request that failed and certainly changed nothing frees its key; one whose end is unknown keeps it for as long as
 * that request may be at work. One that goes on where it is sent again frees it too, as long as its answer says that
 * something is left. Attacked by test/http/chain/idempotency.test.ts and test/features/links/record-names.test.ts.
 */
import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { asSyncError, SyncError } from '../../core/errors.ts';
import type { IdempotencyEntry, IdempotencyKeys, KeptAnswer } from '../../ports/idempotency-keys.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { type HttpAnswer, type HttpMiddleware, type HttpRequest, header } from './http-request.ts';
import { leavesSome } from './leaves-some.ts';
import { problemAnswer } from './problem-details.ts';

/** Longer than an HTTP API waits for a function (30 s). */
const busyForMs = 60_000;

const WithId = z.object({ id: z.string() });

export interface IdempotencyDeps {
  readonly idempotencyKeys: IdempotencyKeys;
  readonly telemetry: Telemetry;
  readonly signingKey: () => Promise<string>;
}

const nameOfRecord = /^(crm|erp)Name$/;

function withoutNames(bodyText: string): string {
  return JSON.stringify(JSON.parse(bodyText, (key, value) => (nameOfRecord.test(key) ? undefined : value)));
}

function keptAnswer(request: HttpRequest, answer: HttpAnswer): KeptAnswer {
  const status = answer.statusCode ?? 200;
  if (request.route?.replay === 'recompute') return { status, body: '', headers: {} };
  if (request.route?.replay === 'refuse') {
    const { id } = WithId.parse(JSON.parse(answer.body ?? '{}'));
    const shown = problemAnswer(request, {
      type: 'conflict',
      title: 'Conflict',
      status: 409,
      detail: `This request made ${id} already; its secret was shown once.`,
    });
    const problem = { ...JSON.parse(shown.body ?? '{}'), id };
    return { status: 409, body: JSON.stringify(problem), headers: { 'content-type': 'application/problem+json' } };
  }
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  return { status, body: answer.body ? withoutNames(answer.body) : '', headers: Object.fromEntries(headers) };
}

function replayed({ status, headers, body }: KeptAnswer): HttpAnswer {
  return { statusCode: status, headers: { ...headers, 'idempotent-replayed': 'true' }, body: body || undefined };
}

export function idempotency(deps: IdempotencyDeps): HttpMiddleware {
  const begin = async (request: HttpRequest): Promise<HttpAnswer | undefined> => {
    const key = header(request, 'idempotency-key');
    const { event, caller, route, bodyText = '' } = request;
    if (key === undefined || !caller || route?.method !== 'POST') return undefined;
    const asked = [caller.caller, route.method, event.rawPath, event.rawQueryString, bodyText].join('\n');
    const requestHash = createHmac('sha256', await deps.signingKey())
      .update(`request\n${asked}`)
      .digest('base64url');
    const entry = { tenantId: caller.tenantId, key, requestHash };
    const found = await deps.idempotencyKeys.begin({ ...entry, busyForMs });
    if (found.state === 'mismatch') {
      throw new SyncError('conflict', 'This Idempotency-Key was used with another request.');
    }
    if (found.state === 'busy') {
      throw new SyncError('conflict', 'The first request with this Idempotency-Key is still being handled.', {
        retryAfterMs: 2_000,
      });
    }
    if (found.state === 'finished') return route.replay === 'recompute' ? undefined : replayed(found.answer);
    request.idempotency = entry;
    return undefined;
  };

  const free = async (taken: IdempotencyEntry): Promise<void> => {
    try {
      await deps.idempotencyKeys.abandon(taken);
    } catch (failure) {
      deps.telemetry.failure('idempotency-key-not-freed', asSyncError(failure));
    }
  };

  const abandon = async ({ idempotency: taken }: HttpRequest, error: unknown): Promise<void> => {
    const { kind } = asSyncError(error);
    if (taken && kind !== 'defect' && kind !== 'unknown-outcome') await free(taken);
  };

  const finish = async (request: HttpRequest, answer: HttpAnswer): Promise<void> => {
    if (!request.idempotency) return;
    const isLeft = request.route?.replay === 'until-done' && leavesSome(answer.body ?? '{}');
    if (isLeft) return free(request.idempotency);
    try {
      await deps.idempotencyKeys.finish({ ...request.idempotency, answer: keptAnswer(request, answer) });
    } catch (failure) {
      // The work is done: an answer that could not be kept must not make it look undone.
      deps.telemetry.failure('answer-not-kept', asSyncError(failure));
    }
  };

  return {
    before: ({ event: request }) => begin(request),
    after: ({ event: request, response }) => (response ? finish(request, response) : undefined),
    onError: ({ event: request, error }) => abandon(request, error),
  };
}
