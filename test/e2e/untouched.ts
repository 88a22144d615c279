import { expect } from 'vitest';
import type { LinkedCompany } from './linked-records.ts';
import type { World } from './world.ts';

/** Does the work and proves by both servers' own books that the service wrote nothing meanwhile, whatever its counters say. */
export async function withoutWrites<T>(
  { crm, erp, proxy }: World,
  companies: readonly Pick<LinkedCompany, 'partyId'>[],
  work: () => Promise<T>,
): Promise<T> {
  const partyIds = companies.map(({ partyId }) => partyId);
  const stamps = await erp.stamps(partyIds);
  const lastWrite = await crm.lastWrite();
  proxy.methods();
  const result = await work();
  expect(await crm.serviceWrites(lastWrite)).toEqual([]);
  expect(await erp.stamps(partyIds)).toBe(stamps);
  expect(proxy.methods().filter((method) => /\.(write|create|delete)$/.test(method))).toEqual([]);
  return result;
}
