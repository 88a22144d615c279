/**
 * Requests made of docs/openapi.json bring no 5xx and no answer that the document does not allow. A failure prints its
 * seed; SEED and FAILING_PATH play it again, REQUESTS sends more or fewer.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { operations } from '../../functions/http/registry.ts';
import type { ApiWorld } from '../features/api-world.ts';
import { document } from '../http/contract/document.ts';
import { furnishedWorld } from '../http/contract/furnished-world.ts';
import { type Generated, generatedRequest } from '../http/contract/generated.ts';

/** Each batch has a world of its own, for some requests leave little of it. */
const requestsOfBatch = 105;
const batches = Math.ceil(Number(process.env.REQUESTS ?? 10_500) / requestsOfBatch);

/** Systems in a mood: what they then answer is a refusal, never a failure of ours. */
const moods: readonly ((world: ApiWorld) => void)[] = [
  () => {},
  () => {},
  (world) => {
    world.erpError = () => new SyncError('rejected', 'The ERP refuses.', { explanation: 'Not today' });
  },
  (world) => {
    world.crmError = () => new SyncError('unauthorised', 'The CRM refuses the credentials.', { explanation: 'Token' });
  },
  (world) => {
    world.erpError = () => new SyncError('missing', 'The record is gone.', { explanation: 'Not found' });
  },
  (world) => {
    world.erpError = () => new SyncError('misconfigured', 'A right is missing.', { explanation: 'No right' });
  },
];

const seen = { requests: 0, done: new Set<string>() };
const operationIds = Object.values(document.paths).flatMap((methods) =>
  Object.values(methods).map(({ operationId }) => operationId),
);

async function play(requests: readonly Generated[], mood: number): Promise<void> {
  const { world } = await furnishedWorld();
  moods[mood]?.(world);
  for (const [at, request] of requests.entries()) {
    const { operationId, method, path, rawBody, headers, role, isForeign } = request;
    const tenantId = isForeign ? world.otherTenantId : world.tenantId;
    const told = JSON.stringify(request).slice(0, 1_500);
    const answer = await world.send(method, path, { rawBody, headers, role, tenantId }).catch((error: unknown) => {
      throw new Error(`request ${at}: ${told}`, { cause: error });
    });
    if (answer.status >= 500) {
      throw new Error(`request ${at} was answered ${answer.status}: ${told}`, { cause: world.logged.at(-1) });
    }
    seen.requests += 1;
    if (answer.status < 300) seen.done.add(operationId);
  }
}

/** What was only refused so far. */
const undone = () => operationIds.filter((id) => id in operations && !seen.done.has(id));

async function flood(batch: fc.Arbitrary<Generated[]>): Promise<void> {
  await fc.assert(fc.asyncProperty(batch, fc.nat(moods.length - 1), play), {
    numRuns: batches,
    // The smallest form of a batch takes longer than reading the one request that the message names.
    endOnFailure: true,
    ...(process.env.SEED && { seed: Number(process.env.SEED) }),
    ...(process.env.FAILING_PATH && { path: process.env.FAILING_PATH }),
    reporter(details) {
      if (details.failed)
        throw new Error(`seed ${details.seed}, path ${details.counterexamplePath}`, { cause: details.errorInstance });
    },
  });
}

test('10,000 requests made of the document bring no 5xx, and nothing that is not in it', async () => {
  const { things } = await furnishedWorld();
  const batch = fc.array(generatedRequest(things), { minLength: requestsOfBatch, maxLength: requestsOfBatch });
  await flood(batch);
  expect(seen.requests).toBeGreaterThanOrEqual(batches * requestsOfBatch);
  if (batches < 100) return;
  // A flood that is only refused proves little: every operation did what it is for, too (signing in: test/features/sessions).
  // The rarest are taken three to ten times in a flood: once in some hundred floods chance leaves one out, in two it does not.
  if (undone().length > 0) await flood(batch);
  expect(undone()).toEqual([]);
});
