import { actorTypeOf, coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import { filterFields, isInsideFilter } from '../../core/mapping/record-filter.ts';
import type { ActorType } from '../../core/model/actor-type.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import type { Side } from '../../core/model/side.ts';
import type { RecordState } from '../../ports/record-system.ts';

/** Keys of the fields of one side that are read of records of an actor type: the mapped ones and those of its filter. */
export function fieldsToRead(setup: ConnectionSetup, actorType: ActorType, side: Side): readonly string[] {
  const covered = coveredFields(mappedFields(setup, actorType), side);
  const type = actorTypeOf(setup, actorType);
  const filter = side === 'erp' && covered.length > 0 && type ? filterFields(type) : [];
  return filter.every((key) => covered.includes(key)) ? covered : [...new Set([...covered, ...filter])];
}

/** The record of that side as the engine takes it: one that is live and outside the filter stands so. */
export function filtered(setup: ConnectionSetup, actorType: ActorType, side: Side, record: RecordState): RecordState {
  const type = actorTypeOf(setup, actorType);
  const isTold = side === 'erp' && type?.filter !== undefined && !record.standing;
  return isTold && !isInsideFilter(type, record.values) ? { ...record, standing: { kind: 'outside' } } : record;
}
