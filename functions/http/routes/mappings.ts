import * as z from 'zod';
import { ActorTypeMapping, Direction } from '../../core/mapping/mapping.ts';
import { ActorTypeSetup, SetAside } from '../../core/model/connection-setup.ts';
import { readMapping, saveMapping } from '../../features/mappings/field-mapping.ts';
import { route } from '../application-routes.ts';
import { ActorTypeInPath, Id } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const RefusedDirection = z.object({ direction: Direction, reason: z.string(), explanation: z.string() });

export const MappingView = ActorTypeSetup.pick({
  actorType: true,
  crmType: true,
  active: true,
  fields: true,
  filter: true,
  mappingVersion: true,
}).extend({
  suspended: SetAside.optional(),
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

export const MappingParams = z.strictObject({ id: Id, type: ActorTypeInPath });

export const mappingRoutes = [
  route('readMapping', {
    request: EmptyRequest.extend({ params: MappingParams }),
    answer: MappingView,
    async handle(app, { caller, params }) {
      const mapping = await readMapping(app, caller.tenantId, params.id, params.type);
      return { body: mapping, revision: mapping.revision };
    },
  }),
  route('saveMapping', {
    request: EmptyRequest.extend({ params: MappingParams, body: ActorTypeMapping }),
    answer: MappingView,
    async handle(app, { caller, params, ifMatch, body }) {
      const ref = { caller, connectionId: params.id, actorType: params.type, ifMatch };
      const mapping = await saveMapping(app, ref, body);
      return { body: mapping, revision: mapping.revision };
    },
  }),
];
