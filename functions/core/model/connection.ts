import * as z from 'zod';
import { ConflictPolicy } from '../merge/policy.ts';
import { At } from './at.ts';
import { Allowances } from './brake.ts';
import { ConfigValues } from './connector.ts';
import { Scope } from './scope.ts';
import { Sweep } from './sweep.ts';

export const connectionStates = ['inactive', 'active', 'suspended', 'deleted'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** Legal moves; suspending is the engine's, a successful test resumes. */
export const connectionMoves: Readonly<Record<ConnectionState, readonly ConnectionState[]>> = {
  inactive: ['active', 'deleted'],
  active: ['suspended', 'inactive', 'deleted'],
  suspended: ['active', 'inactive', 'deleted'],
  deleted: ['inactive'],
};

/** The explanation is on its open failure. */
export const Suspension = z
  .object({
    kind: z.string().meta({ description: 'The kind of failure.', examples: ['unauthorised'] }),
    at: At,
    reason: z.literal('crm-tenant-deleted').optional().describe('The CRM says that its tenant is deleted.'),
  })
  .describe('Why it is suspended, and since when; its open failure has the words of the system.');

/** An ERP connection. Its passwords lie in the vault (`…/{tenant}/{connection}`). */
export const Connection = z.object({
  tenantId: z.string(),
  id: z.string(),
  connectorId: z.string(),
  connectorKind: z.string().meta({ description: 'The kind of ERP.', examples: ['erp-kind'] }),
  /** Where its secrets were tested, together with `config`: they are sent nowhere else. */
  connectorUrl: z.string(),
  name: z.string().meta({ examples: ['Demo ERP'] }),
  description: z.string().optional(),
  /** Absent: everyone. */
  scope: Scope.optional(),
  state: z
    .enum(connectionStates)
    .describe(
      '`suspended`: stopped by the engine because only an administrator can mend it; a test that succeeds resumes it.',
    ),
  suspension: Suspension.optional(),
  /** Values of the declared configuration fields, passwords left out. */
  config: ConfigValues,
  /** Names of password fields that are set. */
  secretsSet: z.array(z.string()),
  secretVersion: z.string().optional(),
  /** Its connector is at another address than `connectorUrl`. */
  secretNeeded: z
    .literal(true)
    .optional()
    .describe('Its connector has moved: nothing is asked of it until its secrets are entered again.'),
  place: z.number().int().describe('Place in the sync order; 0 is the first.'),
  intervalMinutes: z
    .number()
    .int()
    .min(1)
    .max(525_600)
    .meta({ description: 'How often it is polled.', examples: [5] }),
  /** Since when it is polled, and at that interval: no poll was late before. */
  polledSince: z.string().optional(),
  conflictPolicy: ConflictPolicy.optional().describe("Absent: the tenant's."),
  allowances: Allowances.optional().describe(
    'How many links a day may meet an act of a kind, where it is not the standard.',
  ),
  /** Cursors exist: they were taken at the first activation. */
  activatedBefore: z.boolean(),
  deletedAt: At.optional(),
  purging: z.literal(true).optional().describe('Its data is being removed for good: it cannot be restored any more.'),
  revision: z.number().int(),
  createdAt: At,
});
export type Connection = z.infer<typeof Connection>;

/** A deleted connection can be restored for so long. */
const restorableMs = 30 * 24 * 60 * 60 * 1000;

/** Until when a deleted connection can be restored, an instant; nothing for one that is not deleted. */
export function purgeAtOf({ state, deletedAt }: Pick<Connection, 'state' | 'deletedAt'>): string | undefined {
  if (state !== 'deleted' || deletedAt === undefined) return undefined;
  return new Date(Date.parse(deletedAt) + restorableMs).toISOString();
}

/** Active from `at` on. */
export function switchedOn(connection: Connection, at: string): Connection {
  return { ...connection, state: 'active', suspension: undefined, polledSince: at };
}

/** What changes at every poll, kept apart from the set-up so that polling never touches an ETag. */
export const ConnectionActivity = z.object({
  lastPolledAt: z.string().optional(),
  /** UTC day (`YYYY-MM-DD`) of the last daily compare run. */
  lastComparedDay: z.string().optional(),
  /** UTC day of the last daily sweep. */
  lastSweptDay: z.string().optional(),
  /** UTC day on which both systems were last asked what they offer. */
  lastDescribedDay: z.string().optional(),
  lastSyncAt: z.string().optional(),
  /** When a suspended connection was last tried by itself. */
  lastTriedAt: z.string().optional(),
  /** Chains with an open failure, and when polls may try each again. */
  chainsWaiting: z.record(z.string(), z.string()).optional(),
  /** The last sweep, under way or ended. */
  sweep: Sweep.optional(),
});
export type ConnectionActivity = z.infer<typeof ConnectionActivity>;
