import * as z from 'zod';
import { FieldDefault } from '../../core/mapping/defaults.ts';
import { ActorType } from '../../core/model/actor-type.ts';
import { FieldMetadata } from '../../core/model/field.ts';
import { readDefaults, saveDefaults, saveFieldOrder } from '../../features/mappings/defaults.ts';
import { route } from '../application-routes.ts';
import { FieldName } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';
import { ActorTypeView } from './actor-types.ts';
import { MappingParams } from './mappings.ts';

const DefaultsAnswer = z.object({
  actorType: ActorType,
  defaults: z.array(FieldDefault),
  /** Every field that a new actor can be given a value in, in rank order. */
  fields: z.array(
    FieldMetadata.pick({
      key: true,
      label: true,
      type: true,
      listName: true,
      maxLength: true,
      access: true,
      defaultValue: true,
    }),
  ),
});

const DefaultsInput = z.strictObject({ defaults: z.array(FieldDefault).max(200) });
const OrderInput = z.strictObject({ erpFields: z.array(FieldName).max(2000) });

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
      const ref = { caller, connectionId: params.id, actorType: params.type, ifMatch };
      const { revision, ...saved } = await saveDefaults(app, ref, body.defaults);
      return { body: saved, revision };
    },
  }),
  route('saveFieldOrder', {
    request: EmptyRequest.extend({ params: MappingParams, body: OrderInput }),
    answer: ActorTypeView,
    async handle(app, { caller, params, ifMatch, body }) {
      const ref = { caller, connectionId: params.id, actorType: params.type, ifMatch };
      const { revision, ...type } = await saveFieldOrder(app, ref, body.erpFields);
      return { body: type, revision };
    },
  }),
];
