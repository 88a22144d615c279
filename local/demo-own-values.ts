import type { ApiClient } from './api-client.ts';

/** A field that goes one way, edited where it is only written. */
export interface OwnValue {
  label: string;
  record: string;
  crm: unknown;
  erp: unknown;
}

interface Explained {
  fields: {
    erpLabel: string;
    state: string;
    crm?: { value: unknown };
    erp?: { value: unknown };
  }[];
}

/** Of one link: to ask of all would read every record. */
export async function readOwnValues(
  api: ApiClient,
  { linkId, record }: { readonly linkId: string; readonly record: string },
): Promise<OwnValue[]> {
  const { fields } = await api.get<Explained>(`/v1/links/${linkId}/fields`);
  return fields
    .filter(({ state }) => state === 'left-alone')
    .map(({ erpLabel, crm, erp }) => ({ label: erpLabel, record, crm: crm?.value ?? '', erp: erp?.value ?? '' }));
}
