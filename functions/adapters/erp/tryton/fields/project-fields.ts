import type { ProjectFieldSpec } from './field-spec.ts';

const project = { model: 'project.work', type: 'text' } as const;

/** A work has no end date of its own: the time sheet's is about booking hours. */
export const projectFields: readonly ProjectFieldSpec[] = [
  { ...project, key: 'NAME', label: 'Name', name: 'name', searchable: true },
  { ...project, key: 'NUMBER', label: 'Number', name: 'number', readOnly: true, searchable: true },
  { ...project, key: 'TEXT', label: 'Comment', name: 'comment' },
];

export const projectFieldByKey: ReadonlyMap<string, ProjectFieldSpec> = new Map(
  projectFields.map((field) => [field.key, field]),
);
