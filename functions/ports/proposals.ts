import type { Proposal } from '../core/model/proposal.ts';
import type { RunRef } from '../core/model/run.ts';

/** Which of a field's examples, by the field's place in the proposed mapping: of them a link is named. */
export interface ExampleAt {
  readonly row: number;
  /** From 0. */
  readonly slot: number;
  readonly linkId: string;
}

/** Mappings that are proposed, each beside the one dry run that plans by it. */
export interface Proposals {
  /** Before its run is stored, so that none is without it; kept at least as long as the run. Safe to repeat. */
  put(proposal: Proposal, at: string): Promise<void>;
  get(run: RunRef): Promise<Proposal | undefined>;
  /** With the examples that were noted; one call. */
  withExamples(
    run: RunRef,
  ): Promise<{ readonly proposal: Proposal; readonly examples: readonly ExampleAt[] } | undefined>;
  /** Names examples, in place of others of the same row and slot. Safe to repeat. */
  noteExamples(run: RunRef, examples: readonly ExampleAt[], at: string): Promise<void>;
}
