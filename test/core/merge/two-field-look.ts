/** A look at one link of two mapped fields, name and city, which both sides hold as last agreed unless told otherwise. */
import type { MappedField } from '../../../functions/core/mapping/mapping.ts';
import type { LookFacts } from '../../../functions/core/merge/look-facts.ts';
import { planLink } from '../../../functions/core/merge/plan.ts';
import type { SideAnswer } from '../../../functions/core/merge/side-answer.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';
import type { FieldState, Link } from '../../../functions/core/model/link.ts';
import type { Values } from '../../../functions/core/values/value.ts';

export const nameField = 'NAME~name';
export const cityField = 'CITY~city';

export function agreed(value: string): FieldState {
  return { agreed: { crm: value, erp: value } };
}

/** What was last agreed of both fields. */
export const base = { [nameField]: agreed('A'), [cityField]: agreed('U') };

export function linkWith(more: Partial<Link> = {}): Link {
  return {
    tenantId: 't',
    id: 'l',
    connectionId: 'c',
    ends: {
      crm: { type: 'company', table: 'contact', key: '1' },
      erp: { type: 'customer', table: 'party', key: 'e' },
    },
    state: 'active',
    revision: 1,
    fieldStates: base,
    choices: {},
    seen: {},
    openFailures: [],
    createdAt: '2026-11-23T00:00:00.000Z',
    createdBy: 'test',
    ...more,
  };
}

function text(key: string): FieldMetadata {
  return { key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false };
}

/** Both fields travel both ways; `erp` is what the ERP says of its own. */
export function mappingWith(erp: Partial<FieldMetadata> = {}, group?: string): MappedField[] {
  return ['name', 'city'].map((name) => ({
    erpField: name.toUpperCase(),
    crmField: name,
    direction: 'both',
    showInSearch: false,
    showInErpTab: false,
    erp: { ...text(name.toUpperCase()), ...erp },
    crm: { ...text(name), group },
  }));
}

export interface Given {
  readonly link?: Partial<Link>;
  readonly crm?: Values;
  readonly erp?: Values;
  /** What the ERP answers to its writes. */
  readonly answer?: SideAnswer;
  /** What the CRM answers to its writes. */
  readonly crmAnswer?: SideAnswer;
  readonly erpFields?: Partial<FieldMetadata>;
  readonly partial?: boolean;
  /** Makes both fields parts of one value. */
  readonly group?: string;
}

/** The plan of such a look, the CRM winning, and what the sides answer to its writes. */
export function lookFacts(given: Given): LookFacts {
  const link = linkWith(given.link);
  const crm = { name: 'A', city: 'U', ...given.crm };
  const erp = { NAME: 'A', CITY: 'U', ...given.erp };
  const plan = planLink({
    fieldStates: link.fieldStates,
    choices: link.choices,
    crm: { values: crm },
    erp: { values: erp },
    mapping: mappingWith(given.erpFields, given.group),
    policy: { kind: 'crm-wins' },
    timeResolutionMs: { crm: 0, erp: 0 },
  });
  const ids = [1, 2, 3, 4].values();
  return {
    link,
    plan,
    read: { crm: { version: 'c1', values: crm }, erp: { version: 'e1', values: erp } },
    answers: { crm: given.crmAnswer ?? { outcome: 'none' }, erp: given.answer ?? { outcome: 'none' } },
    covered: { crm: ['name', 'city'], erp: ['NAME', 'CITY'] },
    runId: 'r',
    at: '2026-11-24T00:00:00.000Z',
    newId: () => `id${ids.next().value}`,
    partial: given.partial,
  };
}
