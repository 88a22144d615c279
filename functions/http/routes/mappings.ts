import * as z from 'zod';
import { ActorTypeMapping, Direction } from '../../core/mapping/mapping.ts';
import { crmTypeOf } from '../../core/model/actor-type.ts';
import { ActorTypeSetup, SetAside } from '../../core/model/connection-setup.ts';
import { FieldMetadata } from '../../core/model/field.ts';
import { FieldDrift } from '../../core/model/field-drift.ts';
import { expectAsRead } from '../../features/expect-as-read.ts';
import { readMapping, saveMapping } from '../../features/mappings/field-mapping.ts';
import { route } from '../application-routes.ts';
import { asRead } from '../schemas/as-read.ts';
import { ActorTypeInAnyCase, FieldName, Id } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const RefusedDirection = z.object({
  direction: Direction,
  reason: z.string().meta({ description: 'A stable word for why.', examples: ['read-only'] }),
  explanation: z.string().describe('The reason in a sentence.'),
});

export const MappingView = ActorTypeSetup.pick({
  actorType: true,
  crmType: true,
  active: true,
  fields: true,
  filter: true,
  mappingVersion: true,
})
  .extend({
    suspended: SetAside.optional(),
    drift: z
      .array(
        FieldDrift.extend({
          row: z
            .number()
            .int()
            .optional()
            .meta({ description: 'Its place in `fields`; absent: the filter or a default names it.', examples: [0] }),
        }),
      )
      .describe('Fields in use that are no longer described as when the mapping was saved.'),
    options: z
      .array(
        z.object({
          erpField: z.string().meta({ examples: ['PHONE'] }),
          label: z.string().meta({ description: 'For people.', examples: ['Phone'] }),
          access: z.string().meta({ description: 'What the ERP lets be done with it.', examples: ['normal'] }),
          missing: FieldMetadata.shape.missing,
          crmFields: z.array(
            z.object({
              crmField: z.string().meta({ examples: ['phone'] }),
              crmLabel: z.string().meta({ description: 'For people.', examples: ['Phone'] }),
              possible: z.array(Direction).describe('Directions that it can be mapped with.'),
              refused: z.array(RefusedDirection).describe('Why the other directions are not possible.'),
            }),
          ),
        }),
      )
      .describe('Of each ERP field: the CRM fields that it can go with, and in which directions.'),
    optionsLeftOut: z
      .number()
      .int()
      .optional()
      .describe('Of so many ERP fields the options did not fit: read them by `erpField`. Absent: of none.'),
  })
  .meta({ id: 'Mapping', description: 'How an actor type is mapped, and how it could be.' });

const MappingInput = ActorTypeMapping.extend(
  asRead('actorType', 'crmType', 'mappingVersion', 'suspended', 'drift', 'options', 'optionsLeftOut'),
);

export const MappingParams = z.strictObject({ id: Id, type: ActorTypeInAnyCase });

export const mappingRoutes = [
  route('readMapping', {
    request: EmptyRequest.extend({
      params: MappingParams,
      query: z.strictObject({ erpField: FieldName.optional().describe('Options of this field of the ERP alone.') }),
    }),
    answer: MappingView,
    async handle(app, { caller, params, query: { erpField } }) {
      const of = { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type };
      const mapping = await readMapping(app, of, erpField);
      return { body: mapping, revision: mapping.revision };
    },
  }),
  route('saveMapping', {
    request: EmptyRequest.extend({ params: MappingParams, body: MappingInput }),
    answer: MappingView,
    async handle(app, { caller, params, ifMatch, body: { active, fields, filter, actorType, crmType } }) {
      expectAsRead({ actorType, crmType }, { actorType: params.type, crmType: crmTypeOf(params.type) });
      const ref = { caller, connectionId: params.id, actorType: params.type, ifMatch };
      const mapping = await saveMapping(app, ref, { active, fields, filter });
      return { body: mapping, revision: mapping.revision };
    },
  }),
];
