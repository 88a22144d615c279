import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
import { At } from '../../core/model/at.ts';
import { FieldMetadata } from '../../core/model/field.ts';
import { Value } from '../../core/values/value.ts';
import { readMappingExample } from '../../features/mappings/mapping-example.ts';
import { route } from '../application-routes.ts';
import { RecordKey } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';
import { SideTrouble } from '../schemas/side-trouble.ts';
import { MappingParams } from './mappings.ts';

const ExampleField = FieldMetadata.pick({ key: true, label: true, type: true }).extend({
  value: Value,
  text: z
    .string()
    .optional()
    .meta({ description: 'Of a list item, for people.', examples: ['Netherlands'] }),
});

const ExampleSide = z.object({
  key: z
    .string()
    .optional()
    .meta({ description: 'Absent where there is no record.', examples: ['1042'] }),
  standing: z
    .string()
    .optional()
    .meta({ description: '`live`, `archived`, `merged` or `outside`.', examples: ['live'] }),
  trouble: SideTrouble.optional(),
  fields: z.array(ExampleField).describe('Every field, with what it holds now.'),
});

const MappingExample = z
  .object({
    actorType: ActorType,
    crmType: CrmType,
    linkId: z.string().optional(),
    lastSyncedAt: At.optional(),
    crm: ExampleSide.optional().describe('Absent where the record is not linked.'),
    erp: ExampleSide.optional().describe('Absent where there is none.'),
  })
  .meta({ id: 'MappingExample', description: 'Both sides of one real record.' });

export const mappingExampleRoutes = [
  route('readMappingExample', {
    request: EmptyRequest.extend({
      params: MappingParams,
      query: z.strictObject({
        crmKey: RecordKey.optional().describe('Of a linked record of the CRM.'),
        erpKey: RecordKey.optional().describe('Of an actor of the ERP.'),
      }),
    }),
    answer: MappingExample,
    async handle(app, { caller, params, query, language }) {
      const of = { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type };
      return { body: await readMappingExample(app, of, query, language) };
    },
  }),
];
