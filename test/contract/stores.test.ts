import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { storesSuites } from './every-stores-suite.ts';

const table = memoryTable({ pageSize: 7 });

for (const suite of storesSuites) suite('memory', () => table);
