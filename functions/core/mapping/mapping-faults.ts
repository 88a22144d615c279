import type { FieldFault } from '../errors.ts';
import type { ActorTypeSetup } from '../model/connection-setup.ts';
import type { FieldMetadata } from '../model/field.ts';
import { sides } from '../model/side.ts';
import { type FieldMapping, isMapped } from './mapping.ts';
import { directionObstacle } from './type-rules.ts';
import { writesSide } from './writes-side.ts';

function find(fields: readonly FieldMetadata[], key: string): FieldMetadata | undefined {
  return fields.find((field) => field.key === key);
}

/** What is wrong with one row by itself. */
function rowFaults(type: ActorTypeSetup, row: FieldMapping, path: string): FieldFault[] {
  const erp = find(type.erpFields, row.erpField);
  const crm = find(type.crmFields, row.crmField);
  const unknown = [
    ...(erp ? [] : [{ path: `${path}.erpField`, message: 'The ERP has no such field' }]),
    ...(crm ? [] : [{ path: `${path}.crmField`, message: 'The CRM has no such field' }]),
  ];
  if (!erp || !crm) return unknown;
  const refused = directionObstacle(row.direction, erp, crm);
  return refused ? [{ path: `${path}.direction`, message: refused.explanation }] : [];
}

/** An earlier row that shares one stored value with this one and goes another way: such a value cannot be written in part. */
function otherWay(type: ActorTypeSetup, row: FieldMapping, earlier: readonly FieldMapping[]): FieldMapping | undefined {
  const groupsOf = ({ crmField, erpField }: FieldMapping) => ({
    crm: find(type.crmFields, crmField)?.group,
    erp: find(type.erpFields, erpField)?.group,
  });
  const own = groupsOf(row);
  return earlier.find((other) => {
    const shares = sides.some((side) => own[side] !== undefined && own[side] === groupsOf(other)[side]);
    return shares && isMapped(row) && isMapped(other) && other.direction !== row.direction;
  });
}

/** Every fault of a mapping: fields that do not exist, directions the types do not allow, fields used twice, groups of two directions. */
export function mappingFaults(type: ActorTypeSetup, rows: readonly FieldMapping[]): FieldFault[] {
  return rows.flatMap((row, at) => {
    const path = `fields[${at}]`;
    const earlier = rows.slice(0, at);
    const erpTwice = earlier.some((other) => other.erpField === row.erpField);
    const crmTwice =
      writesSide(row.direction, 'crm') &&
      earlier.some((other) => writesSide(other.direction, 'crm') && other.crmField === row.crmField);
    const against = otherWay(type, row, earlier);
    return [
      ...rowFaults(type, row, path),
      ...(against
        ? [
            {
              path: `${path}.direction`,
              message: `Is part of one value together with ${against.erpField}, so both must have the same direction`,
            },
          ]
        : []),
      ...(erpTwice ? [{ path: `${path}.erpField`, message: 'This ERP field is mapped in another row' }] : []),
      ...(crmTwice
        ? [{ path: `${path}.crmField`, message: 'A CRM field can be the target of one ERP field only' }]
        : []),
    ];
  });
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
    ...missing.map(({ erpField }) => ({
      path: `${path}.${erpField}`,
      message: 'The ERP no longer offers this field: unmap it or map another one',
    })),
    ...mappingFaults(
      type,
      type.fields.filter((row) => !missing.includes(row)),
    ).map(({ path: row, message }) => ({
      path: `${path}.${row}`,
      message,
    })),
  ];
}
