import type { Column, Provider } from './columns.ts';
import { type Database, type Merge, numberValue, type StoredRecord } from './records.ts';

/** Numbers of the vendor's tables (`database/tables/{contact,person,project}.md`). */
const tableNumbers = { company: 5, person: 6, project: 9 } as const;

const asRow = ({ type, from, into, atMs }: Merge, at: number): StoredRecord => ({
  type,
  id: at + 1,
  createdMs: atMs,
  updatedMs: atMs,
  createdBy: 0,
  updatedBy: 0,
  deletedMs: null,
  values: { operation: 1, tableNumber: tableNumbers[type], sourceRecord: from, destinationRecord: into },
});

const number = (key: string): Column => ({ restriction: 'int', raw: (record) => numberValue(record, key) });

/** The only place that tells of a merge (spec 3.8; fields of `database/tables/mergemovelog.md`). */
export const mergeLog: Provider = {
  type: 'company',
  entityName: 'mergemovelog',
  rows: (database: Database) => database.merges.map(asRow),
  columns: {
    'mergemovelog.mergemovelog_id': { restriction: 'int', raw: (record) => record.id },
    'mergemovelog.operation': number('operation'),
    'mergemovelog.tableNumber': number('tableNumber'),
    'mergemovelog.sourceRecord': number('sourceRecord'),
    'mergemovelog.destinationRecord': number('destinationRecord'),
    'mergemovelog.registered': { restriction: 'datetime', raw: (record) => record.createdMs, dates: 'instant' },
  },
};
