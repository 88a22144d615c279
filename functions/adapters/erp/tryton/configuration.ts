import type { ActorType } from '../../../core/model/actor-type.ts';
import type { ConfigValues } from '../../../core/model/connector.ts';
import { partyModel } from './fields/party-table.ts';
import { projectModel } from './fields/project-table.ts';
import { settings } from './settings.ts';

export interface TrytonType {
  readonly type: ActorType;
  readonly label: string;
  readonly model: typeof partyModel | typeof projectModel;
  /** A record of the type has all of these categories. */
  readonly categories: readonly string[];
}

function categoryName(config: ConfigValues, key: string): string {
  const value = config[key] ?? settings.find((field) => field.key === key)?.defaultValue;
  return typeof value === 'string' ? value.trim() : '';
}

/** The types that the configuration asks for. A partner is customer and supplier at once. */
export function configuredTypes(config: ConfigValues): TrytonType[] {
  const customer = categoryName(config, 'customerCategory');
  const supplier = categoryName(config, 'supplierCategory');
  const parties: TrytonType[] = [
    { type: 'customer', label: 'Customer', model: partyModel, categories: [customer] },
    { type: 'supplier', label: 'Supplier', model: partyModel, categories: [supplier] },
    { type: 'partner', label: 'Partner', model: partyModel, categories: [customer, supplier] },
    {
      type: 'person',
      label: 'Contact person',
      model: partyModel,
      categories: [categoryName(config, 'personCategory')],
    },
  ];
  return [
    ...parties.filter(({ categories }) => !categories.includes('')),
    { type: 'project', label: 'Project', model: projectModel, categories: [] },
  ];
}
