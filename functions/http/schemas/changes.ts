import { FieldChange } from '../../core/model/field-change.ts';

export const ChangeView = FieldChange.omit({ tenantId: true }).meta({
  id: 'FieldChange',
  description: 'A field that was written, would be written, or was meant to be and met changed.',
});
