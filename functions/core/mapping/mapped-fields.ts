import type { ActorType } from '../model/actor-type.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import type { ActorTypeSetup, ConnectionSetup } from '../model/connection-setup.ts';
import type { FieldMetadata } from '../model/field.ts';
import type { Side } from '../model/side.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { type FieldMapping, isMapped, type MappedField } from './mapping.ts';
import { constantSource } from './transform.ts';
import { writingRules } from './writing-rules.ts';

export function actorTypeOf(setup: ConnectionSetup, actorType: ActorType): ActorTypeSetup | undefined {
  return setup.actorTypes.find((candidate) => candidate.actorType === actorType);
}

/** What was joined of a set-up, for as long as that is held: every look asks for it several times. */
const joined = new WeakMap<ConnectionSetup, Map<ActorType, readonly MappedField[]>>();

/** The mapping rows that carry values, joined with both systems' metadata; rows of fields gone from the ERP are left out. */
export function mappedFields(setup: ConnectionSetup, actorType: ActorType): readonly MappedField[] {
  const ofSetup = joined.get(setup) ?? new Map<ActorType, readonly MappedField[]>();
  joined.set(setup, ofSetup);
  const mapping = ofSetup.get(actorType) ?? joinedFields(setup, actorType);
  ofSetup.set(actorType, mapping);
  return mapping;
}

/** Where a constant comes from: a field of the target's own type that nobody has. */
function sourceOf(target: FieldMetadata | undefined): FieldMetadata | undefined {
  if (!target) return undefined;
  const { type, format } = target;
  const shape = { type, format, maxLength: 0, access: 'read-only', searchable: false } as const;
  return { key: constantSource, label: 'Constant', ...shape };
}

/** The fields of both sides that a row names. */
export function endsOf(
  { erpFields, crmFields }: Pick<ActorTypeSetup, 'erpFields' | 'crmFields'>,
  { erpField, crmField }: FieldMapping,
): BySide<FieldMetadata | undefined> {
  const erp = erpFields.find((field) => field.key === erpField);
  const crm = crmFields.find((field) => field.key === crmField);
  return {
    erp: erpField === constantSource ? sourceOf(crm) : erp,
    crm: crmField === constantSource ? sourceOf(erp) : crm,
  };
}

function joinedFields(setup: ConnectionSetup, actorType: ActorType): MappedField[] {
  const type = actorTypeOf(setup, actorType);
  if (!type?.active) return [];
  return type.fields.flatMap((row) => {
    const { erp, crm } = endsOf(type, row);
    if (!erp || erp.missing || !crm || !isMapped(row)) return [];
    const pairing = setup.listPairings.find(
      (candidate) => candidate.erpList === erp.listName && candidate.crmList === crm.listName,
    );
    return [{ ...row, erp, crm, listPairs: pairing?.pairs }];
  });
}

const covered = new WeakMap<readonly MappedField[], BySide<readonly string[]>>();

/** Keys of the fields of one side that a mapping covers, each once. */
export function coveredFields(mapping: readonly MappedField[], side: Side): readonly string[] {
  const known = covered.get(mapping);
  if (known) return known[side];
  const keys = bySide((of) => [
    ...new Set(mapping.map((mapped) => mapped[of].key).filter((key) => key !== constantSource)),
  ]);
  covered.set(mapping, keys);
  return keys[side];
}

/** Changes with everything that decides what is written or refused, the limits that both systems tell of among it. */
export function mappingFingerprint(setup: ConnectionSetup, actorType: ActorType): string {
  const rows = mappedFields(setup, actorType).map((mapped) => ({
    erpField: mapped.erpField,
    crmField: mapped.crmField,
    ...writingRules(mapped),
  }));
  const filter = actorTypeOf(setup, actorType)?.filter;
  return fingerprint(filter ? { rows, filter } : rows);
}
