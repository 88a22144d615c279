import * as z from 'zod';
import { FieldDefault } from '../../core/mapping/defaults.ts';
import { ActorType } from '../../core/model/actor-type.ts';
import { FieldMetadata } from '../../core/model/field.ts';
import { expectAsRead } from '../../features/expect-as-read.ts';
import { readDefaults, readFieldOrder, saveDefaults, saveFieldOrder } from '../../features/mappings/defaults.ts';
import { route } from '../application-routes.ts';
import { asRead } from '../schemas/as-read.ts';
import { FieldName } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';
import { MappingParams } from './mappings.ts';

const DefaultsAnswer = z
  .object({
    actorType: ActorType,
    defaults: z.array(FieldDefault),
    fields: z
      .array(
        FieldMetadata.pick({
          key: true,
          label: true,
          type: true,
          listName: true,
          maxLength: true,
          access: true,
          defaultValue: true,
        }),
      )
      .describe('Every field that a new actor can be given a value in, in the order of the ERP tab.'),
  })
  .meta({ id: 'DefaultValues', description: 'What a new ERP actor gets in which field.' });

export const Defaults = z.array(FieldDefault).max(200);
const DefaultsInput = z.strictObject({ defaults: Defaults, ...asRead('actorType', 'fields') });
export const Keys = z
  .array(FieldName)
  .max(2000)
  .meta({ description: 'Keys of all fields that the ERP offers.', examples: [['NAME', 'PHONE']] });
const OrderInput = z.strictObject({ erpFields: Keys });
const OrderAnswer = z
  .object({ erpFields: Keys })
  .meta({ id: 'FieldOrder', description: 'The order of the fields in the ERP tab.' });

export const defaultRoutes = [
  route('readDefaults', {
    request: EmptyRequest.extend({ params: MappingParams }),
    answer: DefaultsAnswer,
    async handle(app, { caller, params }) {
      const of = { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type };
      const { revision, ...body } = await readDefaults(app, of);
      return { body, revision };
    },
  }),
  route('saveDefaults', {
    request: EmptyRequest.extend({ params: MappingParams, body: DefaultsInput }),
    answer: DefaultsAnswer,
    async handle(app, { caller, params, ifMatch, body }) {
      expectAsRead({ actorType: body.actorType }, { actorType: params.type });
      const ref = { caller, connectionId: params.id, actorType: params.type, ifMatch };
      const { revision, ...saved } = await saveDefaults(app, ref, body.defaults);
      return { body: saved, revision };
    },
  }),
  route('readFieldOrder', {
    request: EmptyRequest.extend({ params: MappingParams }),
    answer: OrderAnswer,
    async handle(app, { caller, params }) {
      const of = { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type };
      const { revision, ...body } = await readFieldOrder(app, of);
      return { body, revision };
    },
  }),
  route('saveFieldOrder', {
    request: EmptyRequest.extend({ params: MappingParams, body: OrderInput }),
    answer: OrderAnswer,
    async handle(app, { caller, params, ifMatch, body }) {
      const ref = { caller, connectionId: params.id, actorType: params.type, ifMatch };
      const { revision, ...saved } = await saveFieldOrder(app, ref, body.erpFields);
      return { body: saved, revision };
    },
  }),
];
