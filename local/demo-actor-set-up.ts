import type { ApiClient } from './api-client.ts';
import { actorTypePath } from './demo-mapping.ts';

/** What a new customer gets in the ERP, as the API takes and answers it. */
interface Default {
  erpField: string;
  value?: string | number | boolean;
  ask: boolean;
  mandatory: boolean;
}

interface Defaults {
  defaults: Default[];
  fields: { key: string; label: string; listName?: string }[];
}

interface Item {
  key: string;
  text: string;
  code?: string;
}

/** Marks of mapped fields; the first ones of the ERP tab, in their order. */
export const shownInErpTab: readonly string[] = ['NAME', 'CATEGORY', 'PHONE', 'EMAIL'];
export const shownInSearch: readonly string[] = ['NAME', 'NUMBER1'];

const itemsPath = (connectionId: string, list: string) => `/v1/connections/${connectionId}/lists/${list}`;

/** Default values of new customers (one fixed, one that is asked, one that must be there), and the ranks of their fields. */
export async function setUpNewCustomers(admin: ApiClient, connectionId: string): Promise<void> {
  const languages = await admin.all<Item>(itemsPath(connectionId, 'language'));
  const dutch = languages.find(({ code }) => code === 'NL')?.key;
  await admin.replace<Defaults>(actorTypePath(connectionId, 'customer', 'defaults'), () => ({
    defaults: [
      ...(dutch === undefined ? [] : [{ erpField: 'LANGUAGE', value: dutch }]),
      { erpField: 'CATEGORY', ask: true },
      { erpField: 'EMAIL', mandatory: true },
    ],
  }));
  await admin.replace<{ erpFields: string[] }>(
    actorTypePath(connectionId, 'customer', 'field-order'),
    ({ erpFields }) => ({
      erpFields: [
        ...shownInErpTab.filter((key) => erpFields.includes(key)),
        ...erpFields.filter((key) => !shownInErpTab.includes(key)),
      ],
    }),
  );
}

/** What people will meet of it, in words of theirs; nothing where it was never set up. */
export interface NewCustomers {
  /** Label and text of what is filled in. */
  fixed: string[];
  asked: string[];
  mandatory: string[];
  /** Labels of what the ERP tab shows, in its order. */
  erpTab: string[];
}

interface Field {
  key: string;
  label: string;
}

export async function readNewCustomers(api: ApiClient, connectionId: string): Promise<NewCustomers> {
  const { defaults, fields } = await api.get<Defaults>(actorTypePath(connectionId, 'customer', 'defaults'));
  const fieldOf = (erpField: string) => fields.find(({ key }) => key === erpField);
  const labelsOf = (some: Default[]) => some.map(({ erpField }) => fieldOf(erpField)?.label ?? erpField);
  const fixed: string[] = [];
  for (const { erpField, value } of defaults.filter((one) => one.value !== undefined && !one.ask)) {
    const { label = erpField, listName } = fieldOf(erpField) ?? {};
    const items = listName ? await api.all<Item>(itemsPath(connectionId, listName)) : [];
    fixed.push(`${label} "${items.find(({ key }) => key === String(value))?.text ?? value}"`);
  }
  const mapping = await api.get<{ fields: { erpField: string; showInErpTab: boolean }[] }>(
    actorTypePath(connectionId, 'customer', 'mapping'),
  );
  const shown = new Set(mapping.fields.filter((row) => row.showInErpTab).map(({ erpField }) => erpField));
  const types = await api.all<{ actorType: string; fields: Field[] }>(`/v1/connections/${connectionId}/actor-types`);
  const ranked = types.find(({ actorType }) => actorType === 'customer')?.fields ?? [];
  return {
    fixed,
    asked: labelsOf(defaults.filter(({ ask }) => ask)),
    mandatory: labelsOf(defaults.filter(({ mandatory }) => mandatory)),
    erpTab: ranked.filter(({ key }) => shown.has(key)).map(({ label }) => label),
  };
}
