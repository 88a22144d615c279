/**
 * What is too large to be carried about with a link stands beside it: its intent, and agreed values over 512 bytes, each in
 * as many items as they need. Always true: the link names every part with the fingerprint of its content, and link and
 * parts are written in one transaction, so who reads a part that is not the one named reads the link again, and never takes
 * it for a link without one. Attacked by test/adapters/aws/dynamodb/links/link-parts.test.ts and
 * test/contract/stores-sizes-suite.ts.
 */
import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import {
  type BothForms,
  type FieldState,
  fieldKey,
  type IntendedWrite,
  type Intent,
  type Link,
} from '../../../../core/model/link.ts';
import { packsOf } from '../../../../core/packs.ts';
import { bytesOf } from '../../../../core/values/bytes-of.ts';
import { fingerprint } from '../../../../core/values/fingerprint.ts';
import { sameValue, type Value } from '../../../../core/values/value.ts';
import type { Attribute, Item, Key, Table } from '../../../../ports/table.ts';
import { addressOf } from '../table/address-of.ts';
import { keyParts, keys, sortKeys } from '../table/keys.ts';
import { largestGrowingItemBytes, storedItem } from '../table/stored-item.ts';
import { isMap } from './attribute-map.ts';

/** A text longer than this, in bytes, does not stand in the link. */
const largestInline = 512;
const largestPartBytes = 300_000;
/** Who meets another's write reads again; so many in a row are no chance. */
const mostReads = 5;

/** The fingerprints of the parts, in order. */
const PartNames = z.array(z.string());
/** Of an intent the number of its parts, which its token names; an earlier version stored their fingerprints. */
const Mark = z.object({ token: z.string(), parts: z.union([z.number(), PartNames]) });
const Named = z.object({ mark: Mark.optional(), values: PartNames.optional() });

interface LinkParts {
  /** What the link itself has of them. */
  readonly named: {
    readonly agreed: object;
    readonly fields: object;
    readonly mark: object | undefined;
    readonly values: string[] | undefined;
  };
  readonly items: readonly Item[];
}

type Beside = 'intent' | 'values';

function partItem(
  { tenantId, id }: Link,
  what: Beside,
  part: number,
  content: object,
  of = fingerprint(content),
): Item {
  const key = keys.besideLink(tenantId, id, what, part);
  return storedItem({ type: what, key, largestBytes: largestGrowingItemBytes }, { of, content });
}

function namesOf(items: readonly Item[]): string[] {
  return items.map(({ of }) => String(of));
}

function isLarge(value: Value): value is string {
  // A unit takes three bytes at most.
  return typeof value === 'string' && value.length * 3 > largestInline && bytesOf(value) > largestInline;
}

/** The value, or the name under which it stands beside the link. */
function inlineOr(large: Map<string, string>, value: Value): Value | { readonly beside: string } {
  if (!isLarge(value)) return value;
  const beside = fingerprint(value);
  large.set(beside, value);
  return { beside };
}

function storedForms(large: Map<string, string>, { crm, erp }: BothForms): object {
  if (sameValue(crm, erp)) return { both: inlineOr(large, crm) };
  return { crm: inlineOr(large, crm), erp: inlineOr(large, erp) };
}

/** In the place of a source that is what was sent, and of a base that is what was replaced. */
const asTheOther = 0;

/** A write as a list, for an intent is stored and taken away with every change: what follows from the rest is left out. */
function listed({
  erpField,
  crmField,
  side,
  rule,
  replaces,
  sends,
  source,
  conflict,
  base,
}: IntendedWrite): Attribute[] {
  const sourceStored = sameValue(source, sends) ? asTheOther : { source };
  const isReplaced = base && sameValue(base.crm, replaces) && sameValue(base.erp, replaces);
  const baseStored = isReplaced ? asTheOther : (base ?? null);
  return [erpField, crmField, side, rule, replaces, sends, sourceStored, baseStored, ...(conflict ? [true] : [])];
}

function writeRead(stored: Attribute): Attribute {
  if (!Array.isArray(stored)) return stored;
  const [erpField = '', crmField = '', side = '', rule = '', replaces = null, sends = null] = stored;
  const [source = null, base = null, conflict = false] = stored.slice(6);
  const fields = { erpField: String(erpField), crmField: String(crmField) };
  return {
    field: fieldKey(fields),
    ...fields,
    side,
    rule,
    replaces,
    sends,
    source: isMap(source) ? (source.source ?? null) : sends,
    conflict,
    ...(base !== null && { base: base === asTheOther ? { crm: replaces, erp: replaces } : base }),
  };
}

/** The writes of an intent, by part; one without writes has a part too. */
function intentPacks({ writes }: Intent): readonly (readonly IntendedWrite[])[] {
  const packs = packsOf(writes, largestPartBytes);
  return packs.length > 0 ? packs : [[]];
}

function intentItems(link: Link, intent: Intent): Item[] {
  const { writes: _writes, ...rest } = intent;
  return intentPacks(intent).map((some, part) =>
    partItem(link, 'intent', part, { ...rest, writes: some.map(listed) }, rest.token),
  );
}

function hasLargeValues({ fieldStates }: Link): boolean {
  return Object.values(fieldStates).some(({ agreed }) => agreed && (isLarge(agreed.crm) || isLarge(agreed.erp)));
}

interface StandingPart extends Key {
  readonly type: Beside;
  readonly of: string;
}

/** What stands beside a link, under which name. */
export function standingParts(link: Link): StandingPart[] {
  const { tenantId, id, intent } = link;
  const intents = (intent ? intentPacks(intent) : []).map((_pack, part) => ({
    ...keys.besideLink(tenantId, id, 'intent', part),
    type: 'intent' as const,
    of: intent?.token ?? '',
  }));
  if (!hasLargeValues(link)) return intents;
  const values = partsOf({ ...link, intent: undefined }).items.map(({ pk, sk, of }) => ({
    pk,
    sk,
    type: 'values' as const,
    of: String(of),
  }));
  return [...intents, ...values];
}

/** One value that both sides agree on, and nothing else to remember. */
function isPlain(state: FieldState): boolean {
  const { agreed } = state;
  if (!agreed || !sameValue(agreed.crm, agreed.erp) || isLarge(agreed.crm)) return false;
  for (const part in state) if (part !== 'agreed' && state[part as keyof FieldState] !== undefined) return false;
  return true;
}

/** A link taken apart; `joinedLinks` is the way back. */
export function partsOf(link: Link): LinkParts {
  const { intent } = link;
  const large = new Map<string, string>();
  // Most fields.
  const plain: Record<string, Value> = {};
  const fields: Record<string, object> = {};
  for (const [field, state] of Object.entries(link.fieldStates)) {
    const { agreed } = state;
    if (agreed && isPlain(state)) plain[field] = agreed.crm;
    else fields[field] = agreed ? { ...state, agreed: storedForms(large, agreed) } : state;
  }
  const packs = packsOf([...large], largestPartBytes);
  const values = packs.map((pack, part) => partItem(link, 'values', part, Object.fromEntries(pack)));
  const intents = intent ? intentItems(link, intent) : [];
  const mark = intent && { token: intent.token, expiresAtMs: intent.expiresAtMs, parts: intents.length };
  return {
    named: { agreed: plain, fields, mark, values: values.length > 0 ? namesOf(values) : undefined },
    items: [...intents, ...values],
  };
}

interface PartKey extends Key {
  readonly of: string;
}

type PartKeys = Readonly<Record<Beside, readonly PartKey[]>>;

const noParts: PartKeys = { intent: [], values: [] };

/** The parts that a stored link names. */
export function partKeys(link: Item): PartKeys {
  if (link.mark === undefined && link.values === undefined) return noParts;
  const { mark, values = [] } = Named.parse(link);
  const keysOf = (what: Beside, names: readonly string[]) =>
    names.map((of, part) => ({ pk: link.pk, sk: sortKeys.besideLink(what, part), of }));
  const ofIntent = typeof mark?.parts === 'number' ? Array.from({ length: mark.parts }, () => mark.token) : mark?.parts;
  return { intent: keysOf('intent', ofIntent ?? []), values: keysOf('values', values) };
}

type Content = Readonly<Record<string, Attribute>>;

function formsRead(agreed: Attribute | undefined, large: Content): Attribute | undefined {
  if (!isMap(agreed)) return agreed;
  const value = (stored: Attribute | undefined): Attribute => {
    if (isMap(stored)) return large[String(stored.beside)] ?? {};
    return stored ?? null;
  };
  const { both = agreed.crm } = agreed;
  return { crm: value(both), erp: value('both' in agreed ? both : agreed.erp) };
}

/** An overtaken write that may be theirs or ours was once called `unproven`. */
export function upgraded(state: Attribute): Attribute {
  return isMap(state) && state.overtaken === 'unproven' ? { ...state, overtaken: 'unclear' } : state;
}

function fieldsRead(plain: Attribute | undefined, fields: Attribute | undefined, large: Content): Content {
  const read: Record<string, Attribute> = {};
  for (const [field, both] of isMap(plain) ? Object.entries(plain) : []) {
    read[field] = { agreed: { crm: both ?? null, erp: both ?? null } };
  }
  for (const [field, stored] of isMap(fields) ? Object.entries(fields) : []) {
    const state = upgraded(stored);
    const { agreed, ...rest } = isMap(state) ? state : {};
    const forms = formsRead(agreed, large);
    read[field] = forms === undefined ? rest : { ...rest, agreed: forms };
  }
  return read;
}

/** An intent's parts as one; an earlier version stored the writes as maps, by the name of fields. */
function intentRead(parts: readonly Content[]): Attribute | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const { writes: _writes, fields: _fields, ...rest } = first;
  const writes = parts.flatMap(({ writes, fields }) => {
    const stored = writes ?? fields;
    return Array.isArray(stored) ? stored.map(writeRead) : [];
  });
  return { ...rest, writes };
}

/** A stored link, and what of it may stand beside it. */
interface JoinedLink {
  readonly item: Item;
  readonly fieldStates: Content;
  readonly intent: Attribute | undefined;
}

/** The link with its parts; nothing where one of them is another than it names. */
function joined(item: Item, named: PartKeys, found: ReadonlyMap<string, Item>): JoinedLink | undefined {
  const contents = (what: Beside) =>
    named[what].flatMap(({ of, ...key }): Content[] => {
      const part = found.get(addressOf(key));
      if (!part || !isMap(part.content)) return [];
      // An earlier version named an intent's part by its content; a write that keeps the intent leaves it as it is.
      return part.of === of || (what === 'intent' && part.content.token === of) ? [part.content] : [];
    });
  const intents = contents('intent');
  const values = contents('values');
  if (intents.length < named.intent.length || values.length < named.values.length) return undefined;
  const fieldStates = fieldsRead(item.agreed, item.fields, Object.assign({}, ...values));
  // An intent that an earlier version stored stands in the link.
  const inLink = isMap(item.intent) ? [item.intent] : [];
  return { item, fieldStates, intent: intentRead(intents.length > 0 ? intents : inLink) };
}

/** Stored links with what stands beside them; one batch more, and only for links that have something there. */
export async function joinedLinks(table: Table, items: readonly Item[]): Promise<JoinedLink[]> {
  const whole = new Map<string, JoinedLink>();
  let left = items;
  for (let reads = 0; left.length > 0; reads += 1) {
    if (reads === mostReads) {
      const [, , linkId] = keyParts(left[0]?.pk ?? '');
      throw new SyncError('transient', `What is kept of link ${linkId} changes all the time: try again.`);
    }
    const now = reads === 0 ? left : await table.getMany(left.map(({ pk, sk }) => ({ pk, sk })));
    const named = now.map(partKeys);
    const wanted = named.flatMap(({ intent, values }) => [...intent, ...values]);
    const parts = wanted.length > 0 ? await table.getMany(wanted.map(({ pk, sk }) => ({ pk, sk }))) : [];
    const found = new Map(parts.map((part) => [addressOf(part), part]));
    left = now.filter((item, at) => {
      const link = joined(item, named[at] ?? noParts, found);
      if (link) whole.set(item.pk, link);
      return !link;
    });
  }
  return items.flatMap(({ pk }) => whole.get(pk) ?? []);
}
