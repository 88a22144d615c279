/**
 * All that both systems say of an actor type's fields, beside what the engine reads. Always true: an actor type's own item
 * has the fields in use and names the parts that have all of them, and both change in one transaction, so neither is older
 * than the other; who finds parts that the item does not name reads again, and never takes them for fewer fields. A crash
 * leaves the old fields or the new ones. Attacked by test/contract/stores-metadata-suite.ts.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { fieldsInUse } from '../../../../core/mapping/fields-in-use.ts';
import type { ActorTypeRef } from '../../../../core/model/actor-type.ts';
import {
  ActorTypeSetup,
  MetadataParts,
  noParts,
  type WholeActorType,
} from '../../../../core/model/connection-setup.ts';
import { FieldMetadata } from '../../../../core/model/field.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import type { Item, Key, Write } from '../../../../ports/table.ts';
import { keys } from '../table/keys.ts';
import { largestGrowingItemBytes, numberIn, readItem, storedItem, textIn } from '../table/stored-item.ts';

const type = 'field-metadata';
/** Of one part's content, which is base64. */
const largestPartBytes = 48_000;

const Content = z.object({
  erpFields: z.array(FieldMetadata),
  crmFields: z.array(FieldMetadata),
  fieldOrder: z.array(z.string()).optional(),
});
type Content = z.infer<typeof Content>;

function contentOf({ erpFields, crmFields, fieldOrder }: ActorTypeSetup): Content {
  return { erpFields, crmFields, fieldOrder };
}

/** Zipped: labels and descriptions of a thousand fields are a tenth so. */
function piecesOf(content: Content): string[] {
  const text = gzipSync(JSON.stringify(content)).toString('base64');
  return Array.from({ length: Math.ceil(text.length / largestPartBytes) }, (_, at) =>
    text.slice(at * largestPartBytes, (at + 1) * largestPartBytes),
  );
}

/**
 * The own item of an actor type: what the engine reads of it, and where the rest lies. What people `set` may fill a quarter
 * of the room, so that whatever their systems come to say of those fields, drift of every one included, has its place.
 */
function headOf({ readFrom: _read, ...setup }: WholeActorType, metadata: MetadataParts, by: 'set' | 'said'): Item {
  const { tenantId, connectionId, actorType } = setup;
  const parts = { type: 'actor-type', key: keys.actorType(tenantId, connectionId, actorType) };
  const head = { ...setup, ...fieldsInUse(setup), fieldOrder: undefined, metadata };
  if (by === 'set') storedItem(parts, { ...head, drift: undefined });
  return storedItem({ ...parts, largestBytes: largestGrowingItemBytes }, head);
}

/**
 * The item of an actor type as it is to be, and the writes that bring its parts there; none where no field has changed.
 * `by`: whether people `set` it, or their systems `said` so. SyncError `too-large`.
 */
export function wholeTypeWrites(
  whole: WholeActorType,
  by: 'set' | 'said',
): {
  readonly item: Item;
  readonly parts: readonly Write[];
  readonly readFrom: MetadataParts;
} {
  const { tenantId, connectionId, actorType, readFrom: before } = whole;
  const content = contentOf(whole);
  const of = fingerprint(content);
  if (of === before.of) {
    return { item: headOf(whole, before, by), parts: [], readFrom: before };
  }
  const pieces = piecesOf(content);
  const partKey = (part: number) => keys.fieldMetadata({ tenantId, connectionId, actorType }, part);
  const puts = pieces.map(
    (piece, part): Write => ({
      put: storedItem({ type, key: partKey(part) }, { actorType, part, of, content: piece }),
    }),
  );
  const gone = Array.from(
    { length: Math.max(0, before.parts - pieces.length) },
    (_, at): Write => ({
      delete: partKey(pieces.length + at),
    }),
  );
  const readFrom = { of, parts: pieces.length };
  return {
    item: headOf(whole, readFrom, by),
    parts: [...puts, ...gone],
    readFrom,
  };
}

const Pointer = z.object({ metadata: MetadataParts.optional() });

/** Of the parts that an actor type's own item names. */
export function partKeys(item: Item, of: ActorTypeRef): Key[] {
  const { metadata = noParts } = readItem('actor-type', Pointer, item);
  return Array.from({ length: metadata.parts }, (_, at) => keys.fieldMetadata(of, at));
}

/** An actor type with all its fields, of its own item and the parts that were read; nothing where they are not of one write. */
export function wholeTypeOf(item: Item, parts: readonly Item[]): WholeActorType | undefined {
  const setup = readItem('actor-type', ActorTypeSetup, item);
  const { metadata: readFrom } = readItem('actor-type', Pointer, item);
  // An earlier version stored all fields in the item.
  if (!readFrom) return { ...setup, readFrom: noParts };
  const own = parts.filter(
    (part) => textIn(part, 'actorType') === setup.actorType && textIn(part, 'of') === readFrom.of,
  );
  if (own.length < readFrom.parts) return undefined;
  const text = own
    .toSorted((one, other) => numberIn(one, 'part') - numberIn(other, 'part'))
    .map((part) => textIn(part, 'content') ?? '')
    .join('');
  const content = Content.parse(JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')));
  return { ...setup, ...content, readFrom };
}
