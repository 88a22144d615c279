import type { ActorType } from '../model/actor-type.ts';
import type { ActorTypeSetup, ConnectionSetup } from '../model/connection-setup.ts';
import type { Side } from '../model/side.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { isMapped, type MappedField } from './mapping.ts';

export function actorTypeOf(setup: ConnectionSetup, actorType: ActorType): ActorTypeSetup | undefined {
  return setup.actorTypes.find((candidate) => candidate.actorType === actorType);
}

/** The mapping rows that carry values, joined with both systems' metadata; rows of fields gone from the ERP are left out. */
export function mappedFields(setup: ConnectionSetup, actorType: ActorType): MappedField[] {
  const type = actorTypeOf(setup, actorType);
  if (!type?.active) return [];
  return type.fields.flatMap((row) => {
    const erp = type.erpFields.find((field) => field.key === row.erpField);
    const crm = type.crmFields.find((field) => field.key === row.crmField);
    if (!erp || erp.missing || !crm || !isMapped(row)) return [];
    const pairing = setup.listPairings.find(
      (candidate) => candidate.erpList === erp.listName && candidate.crmList === crm.listName,
    );
    return [{ ...row, erp, crm, listPairs: pairing?.pairs }];
  });
}

/** Keys of the fields of one side that a mapping covers, each once. */
export function coveredFields(mapping: readonly MappedField[], side: Side): string[] {
  return [...new Set(mapping.map((mapped) => mapped[side].key))];
}

/** Changes with everything that decides what is written: rows, directions, policies and list pairs. */
export function mappingFingerprint(setup: ConnectionSetup, actorType: ActorType): string {
  return fingerprint(
    mappedFields(setup, actorType).map(({ erpField, crmField, direction, conflictPolicy, listPairs }) => ({
      erpField,
      crmField,
      direction,
      conflictPolicy,
      listPairs,
    })),
  );
}
