import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { tableLimitsSuite } from './table-limits-suite.ts';
import { tableSuite } from './table-suite.ts';

tableSuite('memory', () => memoryTable());
tableLimitsSuite('memory', () => memoryTable());
