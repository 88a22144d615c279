import type { MemoryRecordType } from '../../../functions/adapters/memory/memory-record-system.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection } from '../set-up-steps.ts';

/** The first type of the ERP describes a field so from now on, or no longer. */
export function erpSays(world: ApiWorld, key: string, over: Partial<FieldMetadata> | undefined): void {
  const [customer, ...others] = world.erp.options.types as MemoryRecordType[];
  const fields = (customer?.fields ?? []).flatMap((field) =>
    field.key === key ? (over ? [{ ...field, ...over }] : []) : [field],
  );
  Object.assign(world.erp.options, { types: customer ? [{ ...customer, fields }, ...others] : [] });
}

/** An active connection whose ERP describes fields otherwise since, as a refresh has found. */
export async function drifted(...changes: [key: string, over: Partial<FieldMetadata> | undefined][]) {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  for (const [key, over] of changes) erpSays(world, key, over);
  const path = `/v1/connections/${id}`;
  const refresh = () => world.send('POST', `${path}/refresh-metadata`);
  const refreshed = await refresh();
  if (refreshed.status !== 200) throw new Error(JSON.stringify(refreshed.json));
  const read = async (of = path) => (await world.send('GET', of)).json;
  const failure = `/v1/failures/${id}.drift`;
  return {
    ...{ world, id, path, read, refresh, failure },
    mapping: () => read(`${path}/actor-types/customer/mapping`),
    failureStatus: async () => (await world.send('GET', failure)).status,
    /** As a person does: what was read is accepted. */
    dismiss: async (fields?: readonly object[]) =>
      world.send('POST', `${failure}/dismiss`, { body: { fields: fields ?? (await read(failure)).fields } }),
  };
}
