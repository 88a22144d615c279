import * as z from 'zod';
import { lanes } from '../timing/lanes.ts';
import { ActorType, CrmType } from './actor-type.ts';
import { At } from './at.ts';
import { actKinds } from './brake.ts';
import { SyncErrorKind } from './failure.ts';
import { Side } from './side.ts';

export const runKinds = ['sync', 'compare', 'sweep', 'resync-from-crm', 'resync-from-erp'] as const;
export const runStates = [
  'queued',
  'running',
  'done',
  'done-with-failures',
  'stopped-by-brake',
  'cancelled',
  'failed',
] as const;
export type RunState = (typeof runStates)[number];

/** Legal moves; a run without a move left has ended. */
export const runMoves: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['done', 'done-with-failures', 'stopped-by-brake', 'cancelled', 'failed'],
  done: [],
  'done-with-failures': [],
  'stopped-by-brake': [],
  cancelled: [],
  failed: [],
};

export function hasEnded(state: RunState): boolean {
  return runMoves[state].length === 0;
}

/** What a run covers: named links (already resolved to ids), a whole connection or one actor type of it, or all connections. */
export const RunScope = z
  .discriminatedUnion('kind', [
    z
      .object({ kind: z.literal('links'), linkIds: z.array(z.string()).max(100).describe('These links.') })
      .meta({ id: 'LinksOfRun' }),
    z
      .object({
        kind: z.literal('crm-record'),
        crmType: CrmType,
        crmKey: z.string().describe('Key of the CRM record.'),
      })
      .meta({ id: 'CrmRecordOfRun' }),
    z
      .object({
        kind: z.literal('erp-keys'),
        actorType: ActorType,
        erpKeys: z.array(z.string()).max(100).describe('Keys of ERP actors.'),
      })
      .meta({ id: 'ErpKeysOfRun' }),
    z.object({ kind: z.literal('actor-type'), actorType: ActorType }).meta({ id: 'ActorTypeOfRun' }),
    z.object({ kind: z.literal('connection') }).meta({ id: 'ConnectionOfRun' }),
    z.object({ kind: z.literal('all') }).meta({ id: 'AllOfRun' }),
  ])
  .meta({ id: 'RunScope', description: 'What the run covers.' });
export type RunScope = z.infer<typeof RunScope>;

export const counterNames = [
  'lookedAt',
  'changed',
  'writtenToCrm',
  'writtenToErp',
  'conflicts',
  'rejected',
  'skipped',
  'failed',
  'withheld',
  'callsToCrm',
  'callsToErp',
] as const;

/**
 * Counted per link (lookedAt; changed: links with at least one write; skipped: links that were named and cannot be looked
 * at; failed; withheld) or per field (writtenToCrm, writtenToErp, conflicts, rejected). All exact but the calls, a lower
 * bound after a crash.
 */
export const Counters = z.record(z.enum(counterNames), z.number().int()).meta({
  id: 'Counters',
  description:
    'Links that were looked at, changed, skipped, failed or have something withheld; fields that were written, in conflict or rejected; calls that were made, at least.',
});
export type Counters = z.infer<typeof Counters>;
export type CounterDeltas = Partial<Counters>;

export function noCounts(): Counters {
  return {
    lookedAt: 0,
    changed: 0,
    writtenToCrm: 0,
    writtenToErp: 0,
    conflicts: 0,
    rejected: 0,
    skipped: 0,
    failed: 0,
    withheld: 0,
    callsToCrm: 0,
    callsToErp: 0,
  };
}

export function addCounts(one: CounterDeltas, other: CounterDeltas): Counters {
  const sum = noCounts();
  for (const name of counterNames) sum[name] = (one[name] ?? 0) + (other[name] ?? 0);
  return sum;
}

export const RunTrigger = z.object({
  /**
   * `upkeep`: a call between polls that only picks up due items without a message. `brake`: the answer to one.
   * `connection`: what another connection wrote to the CRM records, while somebody waits.
   */
  by: z
    .enum(['user', 'schedule', 'upkeep', 'connect', 'activation', 'retry', 'brake', 'connection'])
    .describe('What started it; `connection`: what another connection wrote to the CRM records.'),
  caller: z.string().optional().describe('The API key that asked.'),
});
export type RunTrigger = z.infer<typeof RunTrigger>;

/** Why a link that was named is not looked at. */
const skipReasons = ['disconnected', 'of-another-connection', 'connection-not-active'] as const;
export type SkipReason = (typeof skipReasons)[number];
/** The most skipped links that a run names. */
export const mostSkips = 20;

const runReasons = [
  'no-progress',
  'connection-suspended',
  'connection-deactivated',
  'connection-deleted',
  'engine-stopped',
  ...actKinds,
  /** Acts of several kinds. */
  'several-brakes',
  /** What an earlier version said of two kinds. */
  'blanks-and-breaks',
] as const;
export type RunReason = (typeof runReasons)[number];

export const Run = z.object({
  tenantId: z.string(),
  id: z.string(),
  connectionId: z.string(),
  kind: z
    .enum(runKinds)
    .describe(
      '`sync`: what has changed. `compare`: every link. `sweep`: looks for deleted records. `resync-…`: one side replaces the other.',
    ),
  scope: RunScope,
  trigger: RunTrigger.describe('What started it, and who.'),
  dryRun: z.boolean().describe('Nothing is written: its changes are what would be.'),
  noBlanks: z.boolean().optional().describe('Of a resync: a blank replaces no value.'),
  toOthers: z
    .boolean()
    .optional()
    .describe('Of a resync from the ERP: from the CRM it goes on to the other connections of each record.'),
  forced: z.boolean().optional().describe('A person wants it although the engine is stopped.'),
  proposed: z.boolean().optional().describe('Of a dry run: it plans by a mapping that was proposed, and is not saved.'),
  lane: z.enum(lanes).describe('How urgent it is.'),
  interactive: z.boolean(),
  state: z
    .enum(runStates)
    .describe('`stopped-by-brake`: something is withheld until a person answers; nothing else of it is left to do.'),
  /** Not listed, and deleted at its end when it detected nothing to look at: an idle poll leaves no run. */
  latent: z.boolean(),
  /** Chains that still detect: the page each has come to, and where it starts (for chains that keep no stored cursor). */
  chains: z.record(z.string(), z.object({ page: z.number().int(), from: z.string().optional() })),
  /** Chunks. */
  open: z.number().int().describe('Parts of the work that are not done yet.'),
  /** Those of them that take up a place: sent, and not waiting for the sake of single links. */
  out: z.number().int().optional(),
  /** Those of them that were not sent yet. */
  unsent: z.number().int().optional(),
  /** Sums of closed chunks, and what came after its chunk was closed. */
  counters: Counters,
  tallies: z.record(z.string(), z.number().int()).optional().describe('Of a proposed mapping: records by field.'),
  waiting: z
    .object({
      kind: SyncErrorKind,
      side: Side.optional(),
      attempt: z.number().int().describe('How often it was tried.'),
      until: At.describe('Until when.'),
    })
    .optional()
    .describe('The trouble that it is waiting out now.'),
  children: z
    .array(z.object({ runId: z.string(), connectionId: z.string() }))
    .optional()
    .describe('Of a run over several connections, which does nothing itself: the runs of each.'),
  skips: z
    .array(z.object({ linkId: z.string(), reason: z.enum(skipReasons).describe('Why.') }))
    .max(mostSkips)
    .optional()
    .describe('Links that were named and cannot be looked at; the first ones.'),
  helped: z
    .object({ at: At, times: z.number().int().describe('How often.') })
    .optional()
    .describe('When and how often lost work of it was sent again since it last moved.'),
  reason: z.enum(runReasons).optional().describe('Why it failed, was cancelled or was stopped by a brake.'),
  createdAt: At,
  startedAt: At.optional(),
  lastProgressAt: At,
  endedAt: At.optional().describe('Once it has ended.'),
});
export type Run = z.infer<typeof Run>;

/** The values of one side replace those of the other. */
export interface Resync {
  readonly winner: Side;
  /** A blank replaces no value. */
  readonly noBlanks: boolean;
  /** The CRM fields whose values win; absent = all. */
  readonly fields?: readonly string[];
}

/** What a resync makes of the links it looks at; nothing for runs of other kinds. */
export function resyncOf({ kind, noBlanks = false }: Pick<Run, 'kind' | 'noBlanks'>): Resync | undefined {
  if (kind === 'sync' || kind === 'compare' || kind === 'sweep') return undefined;
  return { winner: kind === 'resync-from-crm' ? 'crm' : 'erp', noBlanks };
}

/** In place of a connection's id, in a run over several of them. */
export const everyConnection = 'all';

/** How a run over several connections stands, by how theirs do; one that is gone has ended long ago. */
export function stateOfAll(children: readonly Pick<Run, 'state'>[]): RunState {
  const states = new Set(children.map(({ state }) => state));
  if ([...states].some((state) => !hasEnded(state))) return 'running';
  const worst = (['failed', 'stopped-by-brake', 'done-with-failures'] as const).find((state) => states.has(state));
  if (worst) return worst;
  return states.has('cancelled') ? 'cancelled' : 'done';
}

/** Some of its chains still detect links to look at. */
export function isDetecting({ chains }: Pick<Run, 'chains'>): boolean {
  return Object.keys(chains).length > 0;
}

export interface RunRef {
  readonly tenantId: string;
  readonly runId: string;
}

export interface ChunkRef extends RunRef {
  readonly chunkId: string;
}

/** The links of one message, at most 98. `pending`, as it was read: those without a result yet; empty = to be closed. */
export const Chunk = z.object({
  tenantId: z.string(),
  runId: z.string(),
  id: z.string(),
  connectionId: z.string(),
  linkIds: z.array(z.string()),
  pending: z.array(z.string()),
  lane: z.enum(lanes),
  /** The attempt of its first message: the last one, where the failures of its links are open already. */
  attempt: z.number().int().optional(),
  /** It has given its place among those out to another: what is left of it waits for its own sake. */
  apart: z.boolean().optional(),
  sentAt: z.string(),
});
export type Chunk = z.infer<typeof Chunk>;

/** The most links of a chunk: the results of all of them are summed in one transaction, with the chunk and its run. */
export const mostLinksOfChunk = 98;

/** A worker at a chunk. Whoever closes it learns by this whether anybody else may be at it still. */
export interface ChunkTurn {
  readonly chunk: Chunk;
  readonly holder: string;
  /** How many turns have begun or left findings, this one included. */
  readonly turns: number;
  /** Nobody else is at it, or has died at it. */
  readonly alone: boolean;
  /** What an earlier version counted in the chunk itself. */
  readonly counted: CounterDeltas;
}

/** What a turn found without a record of its own; `recorded`: some links were recorded, each with its result. */
export interface TurnFindings {
  readonly unchanged: readonly string[];
  readonly failed: readonly string[];
  readonly recorded: boolean;
  /** What is left waits for the sake of single links: others need not wait with them. */
  readonly apart?: boolean;
  /** Counts that are nobody's result: calls made. */
  readonly counts: CounterDeltas;
}
