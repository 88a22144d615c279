/**
 * A system that shows no field at all of a type is taken to say nothing of it, never that all its fields are gone: the user
 * that we sign in with has lost the right to see them, or the system is being mended. Whoever asks is told.
 */
import { type FieldFault, SyncError } from '../../core/errors.ts';
import { crmTypeOf } from '../../core/model/actor-type.ts';
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import type { ProbedEnds, ProbedType } from './probe-system.ts';

const stays = 'What is known of its fields stays as it is.';
const message = {
  erp: `The ERP shows no field of this type: the user of the connection may see none. Give that user the right to read them in the ERP, and try again. ${stays}`,
  crm: `The CRM shows no field of what this type goes with: the user of the CRM settings may see none. Give that user the right to read them in the CRM, and try again. ${stays}`,
};

/** Nothing where it shows none. */
export function fieldsShown({ fields }: ProbedType): readonly FieldMetadata[] | undefined {
  return fields.length > 0 ? fields : undefined;
}

function showsNone(fields: readonly FieldMetadata[], offered: ProbedType | undefined): boolean {
  return offered !== undefined && !fieldsShown(offered) && fields.some(({ missing }) => !missing);
}

/** Active types of which a side that offers them shows no field, though some are known. */
export function fieldlessFaults(known: readonly ActorTypeSetup[], { erp, crm = [] }: ProbedEnds): FieldFault[] {
  return known
    .filter(({ active }) => active)
    .flatMap(({ actorType, erpFields, crmFields }) => {
      const path = `actorTypes.${actorType}`;
      const inErp = erp.find(({ type }) => type === actorType);
      const inCrm = crm.find(({ type }) => type === crmTypeOf(actorType));
      return [
        ...(showsNone(erpFields, inErp) ? [{ path, message: message.erp }] : []),
        ...(showsNone(crmFields, inCrm) ? [{ path, message: message.crm }] : []),
      ];
    });
}

export function refuseFieldless(known: readonly ActorTypeSetup[], ends: ProbedEnds): void {
  const faults = fieldlessFaults(known, ends);
  if (faults.length === 0) return;
  const what = 'A system shows no field at all of a type that is synchronised, so nothing was changed';
  throw new SyncError('rejected', `${what}: give the user that we sign in with the right to read them.`, { faults });
}
