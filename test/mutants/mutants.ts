import { detectMutants } from './detect.ts';
import { lookMutants } from './look.ts';
import { mergeMutants } from './merge.ts';
import type { Mutant } from './mutant.ts';
import { oneLinkMutants } from './one-link.ts';
import { runMutants } from './runs.ts';
import { storeMutants } from './stores.ts';
import { timingMutants } from './timing.ts';

export const mutants: readonly Mutant[] = [
  ...detectMutants,
  ...lookMutants,
  ...mergeMutants,
  ...oneLinkMutants,
  ...runMutants,
  ...storeMutants,
  ...timingMutants,
];
