import { auditSuite } from './stores-audit-suite.ts';
import { brakesSuite } from './stores-brakes-suite.ts';
import { inHandSuite } from './stores-in-hand-suite.ts';
import { linksSuite } from './stores-links-suite.ts';
import { listsSuite } from './stores-lists-suite.ts';
import { logSuite } from './stores-log-suite.ts';
import { metadataSuite } from './stores-metadata-suite.ts';
import { namesSuite } from './stores-names-suite.ts';
import { proposalsSuite } from './stores-proposals-suite.ts';
import { purgeSuite } from './stores-purge-suite.ts';
import { recordSuite } from './stores-record-suite.ts';
import { runsSuite } from './stores-runs-suite.ts';
import { sessionsSuite } from './stores-sessions-suite.ts';
import { setUpSuite } from './stores-set-up-suite.ts';
import { sharedSuite } from './stores-shared-suite.ts';
import { sizesSuite } from './stores-sizes-suite.ts';
import { unsentSuite } from './stores-unsent-suite.ts';

/** What the stores hold to, on whatever table. */
export const storesSuites = [
  auditSuite,
  brakesSuite,
  linksSuite,
  sharedSuite,
  recordSuite,
  runsSuite,
  proposalsSuite,
  unsentSuite,
  logSuite,
  inHandSuite,
  sessionsSuite,
  setUpSuite,
  namesSuite,
  listsSuite,
  metadataSuite,
  purgeSuite,
  sizesSuite,
];
