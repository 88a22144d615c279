import { sameValue, type Value } from '../../../../core/values/value.ts';
import { canonicalText, type RecordTable, refuse } from '../read/record.ts';
import { answerAs } from '../wire/answer-as.ts';
import { ProjectRow, projectReadFields, stampOf } from './party-row.ts';
import { projectFieldByKey } from './project-fields.ts';

export const projectModel = 'project.work';

/** Works are projects and the tasks below them; only projects are found by search. */
export const onlyProjects: readonly unknown[] = ['type', '=', 'project'];

function fieldValue(project: ProjectRow, field: string): Value {
  const spec = projectFieldByKey.get(field);
  return spec === undefined ? null : canonicalText(project[spec.name]);
}

export const projectTable: RecordTable = {
  model: projectModel,
  readFields: projectReadFields,
  // Tasks too: a project that became one is still linked.
  changedSince: (instant) => [['last_modified_at', '>=', instant]],
  parse(raw) {
    const project = answerAs(ProjectRow, raw);
    return {
      id: project.id,
      rows: [stampOf(projectModel, project)],
      name: project.name ?? undefined,
      value: (field) => fieldValue(project, field),
      compose(changes) {
        const values: Record<string, Value> = {};
        for (const [field, value] of Object.entries(changes)) {
          const spec = projectFieldByKey.get(field);
          if (sameValue(value, fieldValue(project, field))) continue;
          if (spec === undefined || spec.readOnly) refuse(field, 'Tryton does not let this field be changed.');
          values[spec.name] = value;
        }
        return { values, removed: [], rowRights: [] };
      },
    };
  },
};
