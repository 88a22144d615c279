import { brakeMutants } from './brake.ts';
import { detectMutants } from './detect.ts';
import { lookMutants } from './look.ts';
import { mergeMutants } from './merge.ts';
import type { Mutant } from './mutant.ts';
import { runMutants } from './runs.ts';
import { storeMutants } from './stores.ts';
import { timingMutants } from './timing.ts';

export const mutants: readonly Mutant[] = [
  ...brakeMutants,
  ...detectMutants,
  ...lookMutants,
  ...mergeMutants,
  ...runMutants,
  ...storeMutants,
  ...timingMutants,
];
