import * as z from 'zod';
import { Direction } from '../../core/mapping/mapping.ts';
import { ActorType } from '../../core/model/actor-type.ts';
import { Side } from '../../core/model/side.ts';
import { readListMappings } from '../../features/mappings/list-mappings.ts';
import { saveListMappings } from '../../features/mappings/save-list-mappings.ts';
import { listUnmappedItems } from '../../features/mappings/unmapped-items.ts';
import { list, route } from '../application-routes.ts';
import { asRead } from '../schemas/as-read.ts';
import { FieldName, RecordKey } from '../schemas/common.ts';
import { ById, EmptyRequest, ListRequest } from '../schemas/requests.ts';

/** Of the largest list that is mapped. */
const mostPairs = 5_000;
export const mostLists = 40;

const erpList = { description: "Name of the ERP's list.", examples: ['category'] };
const crmList = { description: "Name of the CRM's list.", examples: ['category'] };
const erpItem = { description: 'Key of an item of the ERP.', examples: ['4'] };
const crmItem = { description: 'Key of an item of the CRM.', examples: ['2'] };
const forPeople = { description: 'For people.', examples: ['Customer'] };

export const ListMapping = z.strictObject({
  erpList: FieldName.meta(erpList),
  crmList: FieldName.meta(crmList),
  pairs: z
    .array(z.strictObject({ erpItem: RecordKey.meta(erpItem), crmItem: RecordKey.meta(crmItem) }))
    .max(mostPairs)
    .describe('All pairs of the two lists.'),
});

/** With what the answer says of it. */
const ListMappingAsRead = ListMapping.extend({
  pairs: z
    .array(ListMapping.shape.pairs.element.extend(asRead('erpText', 'erpGone', 'crmText', 'crmGone')))
    .max(mostPairs)
    .describe('All pairs of the two lists.'),
  ...asRead('fields', 'shared', 'unmapped'),
  paired: z
    .boolean()
    .optional()
    .describe('As it was read: with `false` and no pairs the list stays one that nobody has mapped.'),
});

const ListFieldView = z.object({
  actorType: ActorType,
  erpField: z.string().meta({ examples: ['CATEGORY'] }),
  crmField: z.string().meta({ examples: ['category'] }),
});

const gone = z.literal(true).optional().describe('Its list has it no longer.');

const ListMappingsView = z
  .object({
    lists: z
      .array(
        z.object({
          erpList: z.string().meta(erpList),
          crmList: z.string().meta(crmList),
          fields: z
            .array(ListFieldView.extend({ direction: Direction }))
            .describe('The mapped fields that join the two lists.'),
          shared: z
            .boolean()
            .describe('Several ERP items may be one CRM item: no field of them is written to the ERP.'),
          paired: z
            .boolean()
            .describe(
              'Somebody said what its pairs are, or that there are none; until then a connection that needs them is not activated.',
            ),
          pairs: z
            .array(
              z.object({
                erpItem: z.string().meta(erpItem),
                erpText: z.string().optional().meta(forPeople),
                erpGone: gone,
                crmItem: z.string().meta(crmItem),
                crmText: z.string().optional().meta(forPeople),
                crmGone: gone,
              }),
            )
            .describe('Items that are one another.'),
          unmapped: z
            .array(
              z.object({
                erpItem: z.string().meta(erpItem),
                erpText: z.string().meta(forPeople),
                proposal: z
                  .object({
                    crmItem: z.string().meta(crmItem),
                    crmText: z.string().optional().meta(forPeople),
                    by: z.enum(['code', 'text']).describe('What is equal.'),
                  })
                  .optional()
                  .describe('A pair that you may take over; it is never applied by itself.'),
              }),
            )
            .describe('Items of the ERP without a pair.'),
        }),
      )
      .describe('Every two lists that mapped fields join.'),
  })
  .meta({ id: 'ListMappings', description: 'Which items of ERP lists are which items of CRM lists.' });

const UnmappedItem = z
  .object({
    erpList: z.string().meta(erpList),
    crmList: z.string().meta(crmList),
    side: Side.describe('Whose item it is.'),
    item: z
      .string()
      .meta({ description: 'Its key; of several that one record has, their keys joined by `+`.', examples: ['7'] }),
    text: z
      .string()
      .optional()
      .meta({ ...forPeople, description: 'For people; of several, those of all.' }),
    links: z.number().int().describe('How many links wait for it.'),
    atLeast: z.literal(true).optional().describe('There may be more: not all were counted.'),
    fields: z
      .array(ListFieldView.extend({ links: z.number().int().describe('How many wait in this field.') }))
      .describe('Where they wait.'),
  })
  .meta({ id: 'UnmappedItem', description: 'A list item that links wait for.' });

export const listMappingRoutes = [
  route('readListMappings', {
    request: EmptyRequest.extend({
      params: ById,
      query: z.strictObject({ erpList: FieldName.optional().describe('Of this list of the ERP alone.') }),
    }),
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
      body: z.strictObject({ lists: z.array(ListMappingAsRead).max(mostLists).describe('Those that are replaced.') }),
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
