import { accessMutants } from './access.ts';
import { askedMutants } from './asked.ts';
import { brakeMutants } from './brake.ts';
import { brakeKindMutants } from './brake-kinds.ts';
import { configMutants } from './config.ts';
import { crmMutants } from './crm.ts';
import { detectMutants } from './detect.ts';
import { driftMutants } from './drift.ts';
import { explainMutants } from './explain.ts';
import { failureMutants } from './failures.ts';
import { fairMutants } from './fair.ts';
import { flagMutants } from './flags.ts';
import { groupAndSettleMutants } from './groups-and-settling.ts';
import { idleMutants } from './idle.ts';
import { leavingMutants } from './leaving.ts';
import { limitMutants } from './limits.ts';
import { listMutants } from './lists.ts';
import { lookMutants } from './look.ts';
import { mergeMutants } from './merge.ts';
import type { Mutant } from './mutant.ts';
import { namesMutants } from './names.ts';
import { oneLinkMutants } from './one-link.ts';
import { outMutants } from './out.ts';
import { overAllMutants } from './over-all.ts';
import { proposalMutants } from './proposals.ts';
import { restoredMutants } from './restored.ts';
import { resyncMutants } from './resync.ts';
import { runMutants } from './runs.ts';
import { secretMutants } from './secrets.ts';
import { sessionMutants } from './sessions.ts';
import { severalMutants } from './several.ts';
import { sightMutants } from './sight.ts';
import { stoppedMutants } from './stopped.ts';
import { storeMutants } from './stores.ts';
import { sweepMutants } from './sweep.ts';
import { timingMutants } from './timing.ts';
import { trailMutants } from './trail.ts';
import { transformMutants } from './transforms.ts';
import { trytonMutants } from './tryton.ts';
import { valueMutants } from './values.ts';

export const mutants: readonly Mutant[] = [
  ...askedMutants,
  ...brakeMutants,
  ...brakeKindMutants,
  ...configMutants,
  ...crmMutants,
  ...detectMutants,
  ...driftMutants,
  ...explainMutants,
  ...failureMutants,
  ...fairMutants,
  ...flagMutants,
  ...idleMutants,
  ...leavingMutants,
  ...limitMutants,
  ...listMutants,
  ...lookMutants,
  ...mergeMutants,
  ...namesMutants,
  ...oneLinkMutants,
  ...outMutants,
  ...overAllMutants,
  ...restoredMutants,
  ...resyncMutants,
  ...runMutants,
  ...secretMutants,
  ...groupAndSettleMutants,
  ...sessionMutants,
  ...accessMutants,
  ...severalMutants,
  ...sightMutants,
  ...proposalMutants,
  ...stoppedMutants,
  ...storeMutants,
  ...sweepMutants,
  ...timingMutants,
  ...trailMutants,
  ...transformMutants,
  ...trytonMutants,
  ...valueMutants,
];
