import type { MappedField } from './mapping.ts';

type GroupedRow = Pick<MappedField, 'direction' | 'erp' | 'crm'>;

/** What makes two rows one: a group of either side. Rows of different directions cannot merge as one. */
function tagsOf({ direction, erp, crm }: GroupedRow): string[] {
  return [
    ...(crm.group === undefined ? [] : [`crm ${direction} ${crm.group}`]),
    ...(erp.group === undefined ? [] : [`erp ${direction} ${erp.group}`]),
  ];
}

interface Group<Row> {
  readonly rows: Row[];
  readonly tags: readonly string[];
}

/** Rows that share one stored value on either side, and with it those that share one with them; a row alone is a group of one. */
export function fieldGroups<Row extends GroupedRow>(rows: readonly Row[]): Row[][] {
  let groups: Group<Row>[] = [];
  for (const row of rows) {
    const tags = tagsOf(row);
    const joined = groups.filter((group) => group.tags.some((tag) => tags.includes(tag)));
    const one = {
      rows: [...joined.flatMap((group) => group.rows), row],
      tags: [...joined.flatMap((group) => group.tags), ...tags],
    };
    groups = [...groups.filter((group) => !joined.includes(group)), one];
  }
  return groups.map((group) => group.rows);
}
