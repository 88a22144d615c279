import { memoryTable } from '../../functions/adapters/memory/memory-table.ts';
import { tableSuite } from './table-suite.ts';

tableSuite('memory', () => memoryTable());
