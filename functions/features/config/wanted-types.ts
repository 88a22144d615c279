import type { FieldFault } from '../../core/errors.ts';
import { offeredInOrder, orderFaults } from '../../core/mapping/defaults.ts';
import { driftInUse } from '../../core/mapping/field-drift.ts';
import type { ActorType } from '../../core/model/actor-type.ts';
import type { AuditAct } from '../../core/model/audit.ts';
import type { WholeActorType } from '../../core/model/connection-setup.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { ReadList } from '../mappings/both-lists.ts';
import { faultsOfDefaults } from '../mappings/defaults.ts';
import { faultsOfMapping, mappedAs } from '../mappings/field-mapping.ts';
import type { ActorTypeEntry } from './config-file.ts';
import { actorTypeEntry, byErpField, byField, orderOf, someFilter, withoutIdle } from './connection-entry.ts';

/** One change of an actor type, as its ordinary operation makes it. */
interface TypeStep {
  readonly act: AuditAct;
  readonly before: WholeActorType;
  readonly after: WholeActorType;
  /** With a change of the mapping: it is a new version. */
  readonly isVersion?: true;
}

export interface WantedType {
  readonly type: WholeActorType;
  readonly steps: readonly TypeStep[];
  readonly faults: readonly FieldFault[];
}

interface Question {
  /** As both systems describe it now, with the rows that it has. */
  readonly offered: WholeActorType;
  /** It is stored already: what was proposed since it was told of is no difference. */
  readonly isKnown: boolean;
  readonly entry: ActorTypeEntry;
  readonly at: string;
  readonly readList: ReadList;
}

function under(at: string, faults: readonly FieldFault[]): FieldFault[] {
  return faults.map(({ path, message }) => ({ path: path === '' ? at : `${at}.${path}`, message }));
}

async function mapped({ offered, isKnown, entry, at, readList }: Question): Promise<WantedType> {
  const { active, fields } = entry;
  const filter = someFilter(entry.filter);
  const mapping = { active, fields: [...fields], filter };
  const now = actorTypeEntry(offered);
  const rows = isKnown ? withoutIdle(now.fields, fields) : now.fields;
  if (sameContent([now.active, rows, now.filter], [active, byField(fields), filter])) {
    return { type: offered, steps: [], faults: [] };
  }
  const type = mappedAs(offered, mapping);
  const faults = under(at, await faultsOfMapping(offered, mapping, readList));
  return { type, faults, steps: [{ act: 'mapping.change', before: offered, after: type, isVersion: true }] };
}

async function defaulted({ entry, at, readList }: Question, type: WholeActorType): Promise<WantedType> {
  const { defaults = [] } = entry;
  if (sameContent(actorTypeEntry(type).defaults ?? [], byErpField(defaults))) return { type, steps: [], faults: [] };
  const faults = under(at, await faultsOfDefaults(type, defaults, (name) => readList('erp', name)));
  const changed = { ...type, defaults: [...defaults] };
  const after = { ...changed, drift: driftInUse(changed) };
  return { type: after, faults, steps: [{ act: 'defaults.change', before: type, after }] };
}

function ordered({ entry: { fieldOrder }, at }: Question, type: WholeActorType): WantedType {
  const isSame = fieldOrder
    ? sameContent(fieldOrder, offeredInOrder(type.erpFields, type.fieldOrder))
    : orderOf(type) === undefined;
  if (isSame) return { type, steps: [], faults: [] };
  const faults = fieldOrder ? under(at, orderFaults(type.erpFields, fieldOrder).map(inTermsOfFile)) : [];
  const after = { ...type, fieldOrder: fieldOrder && [...fieldOrder] };
  return { type: after, faults, steps: [{ act: 'field-order.change', before: type, after }] };
}

/** Like a mapping, then default values, then an order that were saved; what is the same already is left as it is. */
export async function wantedType(question: Question): Promise<WantedType> {
  const first = await mapped(question);
  const second = await defaulted(question, first.type);
  const third = ordered(question, second.type);
  const all = [first, second, third];
  return {
    type: third.type,
    steps: all.flatMap(({ steps }) => steps),
    faults: all.flatMap(({ faults }) => faults),
  };
}

/** The order is called otherwise where it is saved by itself. */
function inTermsOfFile({ path, message }: FieldFault): FieldFault {
  return { path: path.replace('erpFields', 'fieldOrder'), message };
}

/** A type that the ERP does not offer. */
export function noSuchType(at: string, offered: readonly { readonly actorType: ActorType }[]): FieldFault {
  const names = offered.map(({ actorType }) => actorType).join(', ');
  return { path: at, message: `The ERP has no such actor type; there are ${names}` };
}
