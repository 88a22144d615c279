import { FieldChange } from '../../core/model/field-change.ts';

export const ChangeView = FieldChange.omit({ tenantId: true });
