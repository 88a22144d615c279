import * as z from 'zod';

/** CRM record types that can be linked (the vendor's Contact, Person and Project). */
const crmTypes = ['company', 'person', 'project'] as const;
export const CrmType = z.enum(crmTypes).meta({ id: 'CrmType', description: 'A type of CRM record.' });
export type CrmType = z.infer<typeof CrmType>;

/** ERP actor types of the baseline product that can be synced; Employee and Sale are offered by some ERPs but not synced. */
const actorTypes = ['customer', 'supplier', 'partner', 'person', 'project'] as const;
export const ActorType = z.enum(actorTypes).meta({
  id: 'ActorType',
  description:
    'A type of ERP actor. Customers, suppliers and partners are linked to companies, the others to their like.',
});
export type ActorType = z.infer<typeof ActorType>;

/** An actor type of a connection. */
export interface ActorTypeRef {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly actorType: ActorType;
}

const crmTypeByActorType: Readonly<Record<ActorType, CrmType>> = {
  customer: 'company',
  supplier: 'company',
  partner: 'company',
  person: 'person',
  project: 'project',
};

export function crmTypeOf(actorType: ActorType): CrmType {
  return crmTypeByActorType[actorType];
}
