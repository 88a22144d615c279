import type { FieldSpec } from './field-spec.ts';
import { companyFields, personFields } from './party-fields.ts';
import { projectFields } from './project-fields.ts';

/** The fields that can be mapped for a type, in the order people see them. */
export function fieldsOf(type: string): readonly FieldSpec[] {
  if (type === 'project') return projectFields;
  return type === 'person' ? personFields : companyFields;
}
