import * as z from 'zod';
import { Conflict, FieldChange } from '../../core/model/field-change.ts';

/** For people; of other values there is none, nor while a system does not tell them. */
export const ItemText = z
  .string()
  .optional()
  .meta({ description: 'Of a list item: its text.', examples: ['Netherlands'] });

/** Beside the values of a conflict. */
export const ConflictTexts = z.object({
  crmText: ItemText,
  erpText: ItemText,
  baseText: z
    .object({ crm: ItemText, erp: ItemText })
    .optional()
    .describe('Of list items: their texts, as both systems have them.'),
});

/** Of the log as CSV: when, where, what, why; then what lost; then the keys to look further by. */
export const changeColumns = [
  ...['at', 'outcome', 'side', 'crmType', 'crmKey', 'crmName', 'actorType', 'erpKey', 'erpName'],
  ...['crmField', 'erpField', 'oldValue', 'oldText', 'newValue', 'newText', 'sentValue', 'sentText', 'rule'],
  ...['transform', 'erased', 'conflict.winner', 'conflict.policy', 'conflict.crm', 'conflict.crmText'],
  ...['conflict.erp', 'conflict.erpText', 'conflict.base.crm', 'conflict.baseText.crm', 'conflict.base.erp'],
  ...['conflict.baseText.erp', 'connectionId', 'linkId', 'runId', 'mappingVersion', 'id'],
];

export const ChangeView = FieldChange.omit({ tenantId: true })
  .extend({
    oldText: ItemText,
    newText: ItemText,
    sentText: ItemText,
    conflict: Conflict.extend(ConflictTexts.shape)
      .optional()
      .describe(FieldChange.shape.conflict.description ?? ''),
  })
  .meta({
    id: 'FieldChange',
    description: 'A field that was written, would be written, or was meant to be and met changed.',
  });
