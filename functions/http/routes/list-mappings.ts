import * as z from 'zod';
import { Direction } from '../../core/mapping/mapping.ts';
import { ActorType } from '../../core/model/actor-type.ts';
import { Side } from '../../core/model/side.ts';
import { readListMappings } from '../../features/mappings/list-mappings.ts';
import { saveListMappings } from '../../features/mappings/save-list-mappings.ts';
import { listUnmappedItems } from '../../features/mappings/unmapped-items.ts';
import { list, route } from '../application-routes.ts';
import { FieldName, RecordKey } from '../schemas/common.ts';
import { ById, EmptyRequest, ListRequest } from '../schemas/requests.ts';

/** Of the largest list that is mapped. */
const mostPairs = 5_000;
const mostLists = 40;

const ListMapping = z.strictObject({
  erpList: FieldName,
  crmList: FieldName,
  pairs: z.array(z.strictObject({ erpItem: RecordKey, crmItem: RecordKey })).max(mostPairs),
});

const ListMappingsView = z.object({
  lists: z.array(
    z.object({
      erpList: z.string(),
      crmList: z.string(),
      /** The mapped fields that join the two lists. */
      fields: z.array(
        z.object({ actorType: ActorType, erpField: z.string(), crmField: z.string(), direction: Direction }),
      ),
      /** Several ERP items may be one CRM item: no field of them is written to the ERP. */
      shared: z.boolean(),
      pairs: z.array(
        z.object({
          erpItem: z.string(),
          erpText: z.string().optional(),
          erpGone: z.literal(true).optional(),
          crmItem: z.string(),
          crmText: z.string().optional(),
          crmGone: z.literal(true).optional(),
        }),
      ),
      unmapped: z.array(
        z.object({
          erpItem: z.string(),
          erpText: z.string(),
          proposal: z
            .object({ crmItem: z.string(), crmText: z.string().optional(), by: z.enum(['code', 'text']) })
            .optional(),
        }),
      ),
    }),
  ),
});

const UnmappedItem = z.object({
  erpList: z.string(),
  crmList: z.string(),
  /** Whose item it is. */
  side: Side,
  item: z.string(),
  text: z.string().optional(),
  /** Links that wait for it. */
  links: z.number().int(),
  atLeast: z.literal(true).optional(),
  fields: z.array(
    z.object({ actorType: ActorType, erpField: z.string(), crmField: z.string(), links: z.number().int() }),
  ),
});

export const listMappingRoutes = [
  route('readListMappings', {
    request: EmptyRequest.extend({ params: ById, query: z.strictObject({ erpList: FieldName.optional() }) }),
    answer: ListMappingsView,
    async handle(app, { caller, params, query: { erpList }, language }) {
      const ref = { tenantId: caller.tenantId, connectionId: params.id };
      const { revision, ...body } = await readListMappings(app, ref, { language, erpList });
      return { body, revision };
    },
  }),
  route('saveListMappings', {
    request: EmptyRequest.extend({
      params: ById,
      body: z.strictObject({ lists: z.array(ListMapping).max(mostLists) }),
    }),
    answer: ListMappingsView,
    async handle(app, { caller, params, ifMatch, language, body }) {
      const ref = { caller, id: params.id, ifMatch, language };
      const { revision, ...saved } = await saveListMappings(app, ref, body.lists);
      return { body: saved, revision };
    },
  }),
  list('listUnmappedItems', {
    request: ListRequest.extend({ params: ById }),
    item: UnmappedItem,
    handle: (app, { caller, params, language, page }) =>
      listUnmappedItems(app, { tenantId: caller.tenantId, connectionId: params.id }, language, page),
  }),
];
