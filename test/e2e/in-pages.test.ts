import { expect, test } from 'vitest';
import type { Run } from '../../functions/core/model/run.ts';
import { companies } from '../../local/seed/companies.ts';
import { onlyInErp } from '../../local/seed/crm-differences.ts';
import { crmSeed } from '../../local/seed/crm-seed.ts';
import { persons } from '../../local/seed/persons.ts';
import { connect, type Pair } from './linked-records.ts';
import { ended, sync } from './runs.ts';
import { withoutWrites } from './untouched.ts';
import { openWorld, type World } from './world.ts';

/** At least so many links are looked at together: a message has up to 98, and a worker may put some off for want of time. */
const linksPerChunk = 25;
/** What one request connects. */
const pairsPerRequest = 100;
/** Records of different types are read by calls of their own: companies and persons; customers, suppliers and persons. */
const crmTypes = 2;
const erpTypes = 3;
/** Where the tenant is, sign-in, its key, who we are, the countries. */
const callsPerCrmSignIn = 5;

/** Every party of the demo that both systems hold, found by its code. */
async function demoPairs({ crm, erp }: World): Promise<Pair[]> {
  const [parties, crmCompanies, crmPersons] = await Promise.all([
    erp.rpc.call<{ id: number; code: string }[]>('party.party', 'search_read', [[], 0, null, null, ['code']]),
    crm.all('company'),
    crm.all('person') as Promise<{ id: number; number?: string }[]>,
  ]);
  const partyId = (code: string) => String(parties.find((party) => party.code === code)?.id);
  const inBoth = companies.filter(({ ref }) => !onlyInErp.includes(ref));
  return [
    ...inBoth.map(({ code, kind }) => ({
      actorType: kind === 'supplier' ? ('supplier' as const) : ('customer' as const),
      erpKey: partyId(code),
      crmKey: String(crmCompanies.find((company) => company.code === code)?.id),
    })),
    ...persons.map(({ code }) => ({
      actorType: 'person' as const,
      erpKey: partyId(code),
      crmKey: String(crmPersons.find((person) => person.number === code)?.id),
    })),
  ];
}

function sum(runs: readonly Run[], counter: keyof Run['counters']): number {
  return runs.reduce((total, run) => total + run.counters[counter], 0);
}

test('the first sync of 200 linked parties reads both systems in pages, and a second look writes nothing', async () => {
  const world = await openWorld({ seed: crmSeed(), conflictPolicy: { kind: 'latest-wins', fallback: 'crm' } });
  const { crm, proxy } = world;
  const pairs = await demoPairs(world);
  expect(pairs.length).toBeGreaterThanOrEqual(200);
  await crm.resetCalls();
  const lastWrite = await crm.lastWrite();
  proxy.methods();
  const runs: Run[] = [];
  for (let at = 0; at < pairs.length; at += pairsPerRequest) {
    const { runId, items } = await connect(world, pairs.slice(at, at + pairsPerRequest));
    expect(items.every(({ result }) => result === 'connected')).toBe(true);
    runs.push(await ended(world, runId));
  }
  expect(sum(runs, 'lookedAt')).toBe(pairs.length);
  expect(sum(runs, 'failed')).toBe(0);

  // A request reads its pairs once before it connects them, a chunk its links once before it plans them.
  const requests = Math.ceil(pairs.length / pairsPerRequest);
  const chunks = Math.ceil(pairs.length / linksPerChunk) + requests;
  const reads = requests + chunks;

  const crmCalls = await crm.calls();
  const written = new Set((await crm.serviceWrites(lastWrite)).map(({ type, id }) => `${type} ${id}`)).size;
  const signIns = crmCalls.auth ?? 0;
  expect(crmCalls).toMatchObject({ get: written, patch: written });
  // Each process asks for the list of countries once.
  expect(crmCalls.list).toBeLessThanOrEqual(reads * crmTypes + signIns);
  const counted = sum(runs, 'callsToCrm');
  expect(counted).toBeGreaterThan(0);
  expect(counted).toBeLessThanOrEqual(crmCalls.total ?? 0);
  expect(counted).toBeLessThanOrEqual(chunks * crmTypes + 2 * written + signIns * callsPerCrmSignIn);

  const erpCalls = Map.groupBy(proxy.methods(), (method) => method);
  const count = (method: string) => erpCalls.get(method)?.length ?? 0;
  const writes = count('model.party.party.write');
  // Before and after each write call the parties are read again, all of them at once.
  expect(count('model.party.party.search_read')).toBeLessThanOrEqual(reads * erpTypes + 2 * writes);
  expect(writes).toBeLessThanOrEqual(sum(runs, 'writtenToErp') + sum(runs, 'rejected') * Math.log2(linksPerChunk) * 2);
  expect(sum(runs, 'callsToErp')).toBeLessThanOrEqual([...erpCalls.values()].flat().length);
  expect(sum(runs, 'callsToCrm') + sum(runs, 'callsToErp')).toBeLessThan(pairs.length);

  const again = await withoutWrites(world, partiesOf(pairs), () => sync(world, { kind: 'compare' }));
  expect(again).toMatchObject({ state: 'done', counters: { lookedAt: pairs.length, changed: 0, rejected: 0 } });
  // Each actor type has chunks of its own; two processes of the low lane may sign in first.
  const compareReads = Math.ceil(pairs.length / linksPerChunk) + erpTypes + 2 * callsPerCrmSignIn;
  expect(again.counters.callsToCrm).toBeLessThanOrEqual(compareReads);
  expect(again.counters.callsToErp).toBeLessThanOrEqual(compareReads);
});

function partiesOf(pairs: readonly Pair[]) {
  return pairs.map(({ erpKey }) => ({ partyId: Number(erpKey) }));
}
