import { z } from 'zod';
import { ActorTypeMapping, Direction } from '../../core/mapping/mapping.ts';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { connectionStates } from '../../core/model/connection.ts';
import { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import { FieldMetadata, ListItem } from '../../core/model/field.ts';
import { linkStates } from '../../core/model/link.ts';
import { summariseConnection } from '../../features/connections/connection-summary.ts';
import { refreshMetadata } from '../../features/connections/refresh-metadata.ts';
import { listActorTypes } from '../../features/mappings/actor-types.ts';
import { readMapping, saveMapping } from '../../features/mappings/field-mapping.ts';
import { listCrmFields, listCrmItems, listErpItems } from '../../features/mappings/remote-metadata.ts';
import { admin, everyRole, list, route } from './application-routes.ts';
import { ActorTypeInPath, ById, CrmTypeInPath, FieldName, Id } from './common-schemas.ts';

const ActorTypeView = ActorTypeSetup.pick({ actorType: true, crmType: true, label: true, active: true }).extend({
  fields: z.array(FieldMetadata),
});

const RefusedDirection = z.object({ direction: Direction, reason: z.string(), explanation: z.string() });

const MappingView = ActorTypeSetup.pick({ actorType: true, crmType: true, active: true, fields: true }).extend({
  /** Per ERP field: the CRM fields, the directions that are possible with each, and why the others are not. */
  options: z.array(
    z.object({
      erpField: z.string(),
      label: z.string(),
      access: z.string(),
      missing: z.boolean().optional(),
      crmFields: z.array(
        z.object({
          crmField: z.string(),
          crmLabel: z.string(),
          possible: z.array(Direction),
          refused: z.array(RefusedDirection),
        }),
      ),
    }),
  ),
});

const Summary = z.object({
  connectionId: z.string(),
  state: z.enum(connectionStates),
  active: z.boolean(),
  suspension: z.object({ kind: z.string(), at: z.string() }).optional(),
  lastSyncAt: z.string().optional(),
  lastPolledAt: z.string().optional(),
  actorTypes: z.array(
    z.object({
      actorType: ActorType,
      crmType: CrmType,
      active: z.boolean(),
      mappedFields: z.number(),
      links: z.record(z.enum(linkStates), z.number()),
      failures: z.number(),
      held: z.number(),
    }),
  ),
});

const mappingPath = '/v1/connections/{id}/actor-types/{type}/mapping';
const MappingParams = z.strictObject({ id: Id, type: ActorTypeInPath });

export const mappingRoutes = [
  route({
    method: 'GET',
    path: '/v1/connections/{id}/summary',
    roles: everyRole,
    params: ById,
    answer: Summary,
    handle: async (app, { caller, params }) => ({ body: await summariseConnection(app, caller.tenantId, params.id) }),
  }),
  list({
    path: '/v1/connections/{id}/actor-types',
    roles: everyRole,
    params: ById,
    item: ActorTypeView,
    handle: (app, { caller, params }) => listActorTypes(app, caller.tenantId, params.id),
  }),
  route({
    method: 'POST',
    path: '/v1/connections/{id}/refresh-metadata',
    roles: admin,
    params: ById,
    answer: z.object({ items: z.array(ActorTypeView) }),
    handle: async (app, { caller, params }) => ({
      body: { items: await refreshMetadata(app, caller.tenantId, params.id, caller.caller) },
    }),
  }),
  route({
    method: 'GET',
    path: mappingPath,
    roles: everyRole,
    params: MappingParams,
    answer: MappingView,
    async handle(app, { caller, params }) {
      const mapping = await readMapping(app, caller.tenantId, params.id, params.type);
      return { body: mapping, revision: mapping.revision };
    },
  }),
  route({
    method: 'PUT',
    path: mappingPath,
    roles: admin,
    params: MappingParams,
    body: ActorTypeMapping,
    answer: MappingView,
    ifMatch: true,
    async handle(app, { caller, params, ifMatch, body }) {
      const mapping = await saveMapping(app, caller.tenantId, params.id, params.type, ifMatch, body);
      return { body: mapping, revision: mapping.revision };
    },
  }),
  list({
    path: '/v1/connections/{id}/lists/{name}',
    roles: everyRole,
    params: z.strictObject({ id: Id, name: FieldName }),
    item: ListItem,
    handle: (app, { caller, params, page }) =>
      listErpItems(app, { tenantId: caller.tenantId, connectionId: params.id }, params.name, page),
  }),
  list({
    path: '/v1/crm/lists/{name}',
    roles: everyRole,
    params: z.strictObject({ name: FieldName }),
    item: ListItem,
    handle: (app, { caller, params, page }) => listCrmItems(app, caller.tenantId, params.name, page),
  }),
  list({
    path: '/v1/crm/{crmType}/fields',
    roles: everyRole,
    params: z.strictObject({ crmType: CrmTypeInPath }),
    item: FieldMetadata,
    handle: (app, { caller, params, page }) => listCrmFields(app, caller.tenantId, params.crmType, page),
  }),
];
