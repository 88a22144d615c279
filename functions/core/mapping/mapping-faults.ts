import type { FieldFault } from '../errors.ts';
import type { ActorTypeSetup } from '../model/connection-setup.ts';
import type { FieldMetadata } from '../model/field.ts';
import { sides } from '../model/side.ts';
import { endsOf } from './mapped-fields.ts';
import { type FieldMapping, isMapped } from './mapping.ts';
import { filterFaults } from './record-filter.ts';
import { constantSource } from './transform.ts';
import { constantFaults, transformFaults } from './transform-faults.ts';
import { directionObstacle } from './type-rules.ts';
import { onlyTarget, writesSide } from './writes-side.ts';

function find(fields: readonly FieldMetadata[], key: string): FieldMetadata | undefined {
  return fields.find((field) => field.key === key);
}

/** A transform makes texts of numbers, so that a type is asked to take a text. */
function asText(field: FieldMetadata): FieldMetadata {
  return field.type === 'integer' || field.type === 'decimal' ? { ...field, type: 'text' } : field;
}

/** What is wrong with one row by itself. */
function rowFaults(type: ActorTypeSetup, row: FieldMapping, path: string): FieldFault[] {
  const { erp, crm } = endsOf(type, row);
  const isNamed = { erp: row.erpField !== constantSource, crm: row.crmField !== constantSource };
  if (!isNamed.erp && !isNamed.crm) return [{ path, message: 'Name the ERP field, the CRM field, or both' }];
  const unknown = [
    ...(erp || !isNamed.erp ? [] : [{ path: `${path}.erpField`, message: 'The ERP has no such field' }]),
    ...(crm || !isNamed.crm ? [] : [{ path: `${path}.crmField`, message: 'The CRM has no such field' }]),
  ];
  if (!erp || !crm) return unknown;
  const isConstant = !isNamed.erp || !isNamed.crm;
  const [shownErp, shownCrm] = row.transform ? [asText(erp), asText(crm)] : [erp, crm];
  const refused = isConstant ? undefined : directionObstacle(row.direction, shownErp, shownCrm);
  return [
    ...constantFaults(row, { erp, crm }, path),
    ...transformFaults(row, { erp, crm }, path),
    ...(refused ? [{ path: `${path}.direction`, message: refused.explanation }] : []),
    ...(row.enforce && !onlyTarget(row.direction)
      ? [{ path: `${path}.enforce`, message: 'Only a field that goes one way, toErp or toCrm, can be enforced' }]
      : []),
  ];
}

/** Earlier rows that share one stored value with this one. */
function partners(type: ActorTypeSetup, row: FieldMapping, earlier: readonly FieldMapping[]): FieldMapping[] {
  const groupsOf = ({ crmField, erpField }: FieldMapping) => ({
    crm: find(type.crmFields, crmField)?.group,
    erp: find(type.erpFields, erpField)?.group,
  });
  const own = groupsOf(row);
  return earlier.filter((other) => {
    const shares = sides.some((side) => own[side] !== undefined && own[side] === groupsOf(other)[side]);
    return shares && isMapped(row) && isMapped(other);
  });
}

/** A value of several fields goes one way and is put back as a whole: it cannot be written in part. */
function groupFaults(
  type: ActorTypeSetup,
  row: FieldMapping,
  earlier: readonly FieldMapping[],
  path: string,
): FieldFault[] {
  const others = partners(type, row, earlier);
  const otherWay = others.find(({ direction }) => direction !== row.direction);
  const otherForce = others.find(({ enforce = false }) => enforce !== (row.enforce ?? false));
  const partOf = ({ erpField }: FieldMapping) => `Is part of one value together with ${erpField}`;
  return [
    ...(otherWay
      ? [{ path: `${path}.direction`, message: `${partOf(otherWay)}, so both must have the same direction` }]
      : []),
    ...(otherForce
      ? [{ path: `${path}.enforce`, message: `${partOf(otherForce)}, so both are enforced or neither is` }]
      : []),
  ];
}

/** Every fault of a mapping: fields that do not exist, directions the types do not allow, fields used twice, groups of two directions, what is enforced though it goes both ways. */
export function mappingFaults(type: ActorTypeSetup, rows: readonly FieldMapping[]): FieldFault[] {
  return rows.flatMap((row, at) => {
    const path = `fields[${at}]`;
    const earlier = rows.slice(0, at);
    const erpTwice = row.erpField !== constantSource && earlier.some((other) => other.erpField === row.erpField);
    const crmTwice =
      writesSide(row.direction, 'crm') &&
      earlier.some((other) => writesSide(other.direction, 'crm') && other.crmField === row.crmField);
    return [
      ...rowFaults(type, row, path),
      ...groupFaults(type, row, earlier, path),
      ...(erpTwice ? [{ path: `${path}.erpField`, message: 'This ERP field is mapped in another row' }] : []),
      ...(crmTwice
        ? [{ path: `${path}.crmField`, message: 'A CRM field can be the target of one ERP field only' }]
        : []),
    ];
  });
}

function defaultsGone({ defaults = [], erpFields }: ActorTypeSetup) {
  return defaults.filter(({ erpField }) => find(erpFields, erpField)?.missing);
}

/** Every reason why an active actor type cannot be synchronised as it is mapped. */
export function activationFaults(type: ActorTypeSetup): FieldFault[] {
  const path = `actorTypes.${type.actorType}`;
  const mandatory = type.erpFields.filter(
    (field) => field.access === 'mandatory' && !type.fields.some((row) => row.erpField === field.key && isMapped(row)),
  );
  const missing = type.fields.filter((row) => find(type.erpFields, row.erpField)?.missing);
  return [
    ...mandatory.map(({ key }) => ({
      path: `${path}.${key}`,
      message: 'The ERP requires this field: it needs a CRM field and a direction',
    })),
    ...defaultsGone(type).map(({ erpField }) => ({
      path: `${path}.defaults.${erpField}`,
      message: 'The ERP no longer offers this field: leave its default value out',
    })),
    ...missing.map(({ erpField }) => ({
      path: `${path}.${erpField}`,
      message: 'The ERP no longer offers this field: unmap it or map another one',
    })),
    ...[
      ...mappingFaults(
        type,
        type.fields.filter((row) => !missing.includes(row)),
      ),
      ...filterFaults(type, type.filter),
    ].map(({ path: row, message }) => ({
      path: `${path}.${row}`,
      message,
    })),
  ];
}
