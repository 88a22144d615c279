import { SyncError } from '../../../../core/errors.ts';
import type { Value, Values } from '../../../../core/values/value.ts';
import { type Entity, isEntity, rawAt } from '../fields/canonical.ts';
import { encodedCustom } from '../fields/custom-values.ts';
import type { AddressPart, RecordField, Spot } from '../fields/record-types.ts';

export type PatchOperation =
  | { readonly op: 'test' | 'replace' | 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

type SpotAt<At extends Spot['at']> = Extract<Spot, { at: At }>;

/** Year 1 is this CRM's "no date". */
const noDate = '0001-01-01T00:00:00';

/**
 * One JSON Patch that writes the values, each on condition (`test`, 409 if it fails) that its spot still holds what
 * `entity`, a fresh read, shows. Days are those of a read and a write without a zone: noon is the same day in any zone
 * that the CRM may take it for. The country goes before the address whose layout it decides (spec 3.3). What makes one
 * value with a field written is tested with it; of an address all is.
 */
export function jsonPatch(
  entity: Entity,
  { written, tested }: { readonly written: readonly RecordField[]; readonly tested: readonly RecordField[] },
  values: Values,
): PatchOperation[] {
  const tests = tested.flatMap((field) => (written.includes(field) ? [] : testOf(entity, field.spot)));
  const writes = written.map((field) => ({ spot: field.spot, value: values[field.metadata.key] ?? null }));
  const plain = writes.filter(({ spot }) => spot.at !== 'address').flatMap((one) => write(entity, one.spot, one.value));
  const leaves = writes.flatMap(({ spot, value }) => (spot.at === 'address' ? [{ spot, value }] : []));
  const parts = [...Map.groupBy(leaves, ({ spot }) => spot.part)];
  return [...tests, ...plain, ...parts.flatMap(([part, changed]) => writeAddress(entity, part, changed))];
}

function write(entity: Entity, spot: Spot, value: Value): PatchOperation[] {
  if (spot.at === 'first') return writeFirst(entity, spot, value);
  if (spot.at === 'country') return writeCountry(entity, value);
  if (spot.at === 'list') return writeItem(entity, spot, value);
  if (spot.at === 'custom') return writeCustom(entity, spot, value);
  if (spot.at === 'address') return [];
  const raw = rawAt(entity, spot) ?? null;
  const sent = spot.at === 'day' ? (value === null ? noDate : `${value}T12:00:00`) : (value ?? '');
  return replace(`/${spot.property}`, raw, sent);
}

function testOf(entity: Entity, spot: Spot): PatchOperation[] {
  if (spot.at === 'custom') return [{ op: 'test', path: customPath(spot), value: rawAt(entity, spot) ?? null }];
  if (spot.at !== 'text' && spot.at !== 'day') return [];
  return [{ op: 'test', path: `/${spot.property}`, value: rawAt(entity, spot) ?? null }];
}

function replace(path: string, raw: unknown, value: unknown): PatchOperation[] {
  return [
    { op: 'test', path, value: raw },
    { op: 'replace', path, value },
  ];
}

/** A ProgId has no sign that a pointer would have to escape. */
function customPath({ progId }: SpotAt<'custom'>): string {
  return `/CustomFields/${progId}`;
}

/** One that the entity does not show yet is added, which nothing can be tested of. */
function writeCustom(entity: Entity, spot: SpotAt<'custom'>, value: Value): PatchOperation[] {
  const raw = rawAt(entity, spot);
  const sent = encodedCustom(spot.type, value, raw);
  return raw === undefined
    ? [{ op: 'add', path: customPath(spot), value: sent }]
    : replace(customPath(spot), raw, sent);
}

/** By id alone: names and codes of the carrier follow from it. */
function writeCountry(entity: Entity, value: Value): PatchOperation[] {
  const id = value === null ? 0 : Number(value);
  if (isEntity(entity.Country)) return replace('/Country/CountryId', entity.Country.CountryId ?? null, id);
  return replace('/Country', null, { CountryId: id });
}

function writeItem(entity: Entity, spot: SpotAt<'list'>, value: Value): PatchOperation[] {
  const id = value === null ? 0 : Number(value);
  if (isEntity(entity[spot.property])) return replace(`/${spot.property}/Id`, rawAt(entity, spot) ?? null, id);
  return replace(`/${spot.property}`, null, { Id: id });
}

/**
 * Touches the first entry only: others may be somebody else's. Entries have no ids, so blanking removes the first, which
 * is refused beforehand where another would take its place; where it is blank already nothing may move up either.
 */
function writeFirst(entity: Entity, spot: SpotAt<'first'>, value: Value): PatchOperation[] {
  const path = `/${spot.property}`;
  const entries: unknown = entity[spot.property];
  if (!Array.isArray(entries)) return replace(path, null, value === null ? [] : [{ Value: value }]);
  if (entries.length === 0) {
    const empty: PatchOperation = { op: 'test', path, value: [] };
    return value === null ? [empty] : [empty, { op: 'add', path: `${path}/-`, value: { Value: value } }];
  }
  const test: PatchOperation = { op: 'test', path: `${path}/0/Value`, value: rawAt(entity, spot) ?? null };
  if (value === null)
    return String(rawAt(entity, spot) ?? '').trim() === '' ? [test] : [test, { op: 'remove', path: `${path}/0` }];
  return [test, { op: 'replace', path: `${path}/0/Value`, value }];
}

/**
 * The whole `Street` or `Postal`, made from the fresh read: one leaf alone was seen to fail (vendor sample
 * `RESTful-HTTP-Queries`, `src/Person.http`). `LocalizedAddress` would win over it, so it is never sent.
 */
function writeAddress(
  entity: Entity,
  part: AddressPart,
  changed: readonly { spot: SpotAt<'address'>; value: Value }[],
): PatchOperation[] {
  if (!isEntity(entity.Address)) throw new SyncError('rejected', 'The CRM shows no address to write to.');
  const raw = entity.Address[part] ?? null;
  const leaves = Object.fromEntries(changed.map(({ spot, value }) => [spot.leaf, value ?? '']));
  return replace(`/Address/${part}`, raw, { ...(isEntity(raw) ? raw : {}), ...leaves });
}
