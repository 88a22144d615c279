import * as z from 'zod';
import { ActorType, CrmType } from '../../core/model/actor-type.ts';
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
  text: z.string().optional(),
});

const ExampleSide = z.object({
  /** Absent where there is no record. */
  key: z.string().optional(),
  standing: z.string().optional(),
  trouble: SideTrouble.optional(),
  fields: z.array(ExampleField),
});

const MappingExample = z.object({
  actorType: ActorType,
  crmType: CrmType,
  linkId: z.string().optional(),
  lastSyncedAt: z.string().optional(),
  /** Absent where the record is not linked. */
  crm: ExampleSide.optional(),
  erp: ExampleSide.optional(),
});

export const mappingExampleRoutes = [
  route('readMappingExample', {
    request: EmptyRequest.extend({
      params: MappingParams,
      query: z.strictObject({ crmKey: RecordKey.optional(), erpKey: RecordKey.optional() }),
    }),
    answer: MappingExample,
    async handle(app, { caller, params, query }) {
      const of = { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type };
      return { body: await readMappingExample(app, of, query) };
    },
  }),
];
