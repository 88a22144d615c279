/** Types of record that the demo keeps in agreement. */
export const demoTypes = ['customer', 'supplier', 'person', 'project'] as const;
export type DemoType = (typeof demoTypes)[number];

export type Direction = 'toCrm' | 'toErp' | 'both' | 'none';

export interface Row {
  erpField: string;
  crmField: string;
  direction: Direction;
  showInSearch: boolean;
  showInErpTab: boolean;
}

interface PairOption {
  crmField: string;
  possible: Direction[];
  refused: { direction: Direction; explanation: string }[];
}

/** An actor type's mapping as the API answers it, with what else would be possible. */
export interface Mapping {
  active: boolean;
  fields: Row[];
  options: { erpField: string; label: string; crmFields: PairOption[] }[];
}

export function actorTypePath(connectionId: string, actorType: string, what: string): string {
  return `/v1/connections/${connectionId}/actor-types/${actorType}/${what}`;
}

export function mappingPath(connectionId: string, actorType: string): string {
  return actorTypePath(connectionId, actorType, 'mapping');
}

/** What is possible between the two fields of a row. */
export function optionOf({ options }: Mapping, row: Row): PairOption | undefined {
  const erp = options.find(({ erpField }) => erpField === row.erpField);
  return erp?.crmFields.find(({ crmField }) => crmField === row.crmField);
}
