/** Plans of one link with any number of fields, each told by what both sides hold and what was last agreed. */
import type { Direction, MappedField } from '../../../functions/core/mapping/mapping.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import type { PlanInput } from '../../../functions/core/merge/plan-input.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import type { FieldState } from '../../../functions/core/model/link.ts';
import type { Value } from '../../../functions/core/values/value.ts';

export function text(key: string): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false };
}

export interface Field {
  readonly crm: Value;
  readonly erp: Value;
  /** Last agreed on both sides; absent = never. */
  readonly base?: Value;
  readonly state?: FieldState;
  readonly direction?: Direction;
  readonly enforce?: boolean;
  readonly noBlanks?: boolean;
  /** Of the field on either side. */
  readonly crmGroup?: string;
  readonly erpGroup?: string;
  /** The longest text that the ERP keeps. */
  readonly erpMaxLength?: number;
}

export function key(name: string): string {
  return `${name.toUpperCase()}~${name}`;
}

export function mappedAs(name: string, direction: Direction): MappedField {
  return {
    erpField: name.toUpperCase(),
    crmField: name,
    direction,
    showInSearch: false,
    showInErpTab: false,
    crm: text(name),
    erp: text(name.toUpperCase()),
  };
}

function mappedField(name: string, of: Field): MappedField {
  const { direction = 'both', enforce, noBlanks, crmGroup, erpGroup, erpMaxLength = 0 } = of;
  const row = mappedAs(name, direction);
  return {
    ...row,
    enforce,
    noBlanks,
    crm: { ...row.crm, group: crmGroup },
    erp: { ...row.erp, group: erpGroup, maxLength: erpMaxLength },
  };
}

function stateOf({ base, state }: Field): FieldState {
  return { ...(base !== undefined && { agreed: { crm: base, erp: base } }), ...state };
}

export function planned(fields: Readonly<Record<string, Field>>, more: Partial<PlanInput> = {}) {
  const entries = Object.entries(fields);
  return planLink({
    fieldStates: Object.fromEntries(entries.map(([name, field]) => [key(name), stateOf(field)])),
    choices: {},
    crm: { values: Object.fromEntries(entries.map(([name, { crm }]) => [name, crm])) },
    erp: { values: Object.fromEntries(entries.map(([name, { erp }]) => [name.toUpperCase(), erp])) },
    mapping: entries.map(([name, field]) => mappedField(name, field)),
    policy: { kind: 'crm-wins' },
    timeResolutionMs: { crm: 1_000, erp: 1_000 },
    ...more,
  });
}
