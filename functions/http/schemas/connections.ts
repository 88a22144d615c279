import * as z from 'zod';
import { ConfigInput, ConfigValue, FieldsSent, SecretSet } from '../../core/mapping/config-values.ts';
import { ConflictPolicy } from '../../core/merge/policy.ts';
import { ActKind, Allowance, Brake, BrakeExample, WithheldAct } from '../../core/model/brake.ts';
import { Connection } from '../../core/model/connection.ts';
import { everyone } from '../../features/connections/connection-view.ts';
import { Description, Id, IntervalMinutes, Name } from './common.ts';

const Scope = z.literal(everyone, {
  error: 'In this version a connection is for everyone: "everyone" is the only scope',
});

export const NewConnection = z.strictObject({
  connectorId: Id,
  name: Name,
  description: Description.optional(),
  scope: Scope.default(everyone),
  config: ConfigInput.default({}),
  /** Absent: as the engine's settings say. */
  intervalMinutes: IntervalMinutes.optional(),
  conflictPolicy: ConflictPolicy.optional(),
});

export const ConnectionTest = z.strictObject({ connectorId: Id, config: ConfigInput.default({}) });

/** RFC 7396: what is absent stays, null removes. */
const ConfigPatch = FieldsSent.pipe(z.record(z.string().max(100), ConfigValue.nullable()));

export const ConnectionCopy = z.strictObject({
  name: Name,
  description: Description.optional(),
  config: ConfigPatch.optional(),
});

export const ConnectionPatch = z.strictObject({
  name: Name.optional(),
  description: Description.nullable().optional(),
  scope: Scope.optional(),
  config: ConfigPatch.optional(),
  intervalMinutes: IntervalMinutes.optional(),
  conflictPolicy: ConflictPolicy.nullable().optional(),
  allowances: z.partialRecord(ActKind, Allowance.nullable()).nullable().optional(),
});

/** What was withheld of a link, without what tells its values. */
export const WithheldView = z.partialRecord(ActKind, WithheldAct.omit({ sent: true }));

/** What a brake holds back, and the answer that is being carried out. */
export const BrakeView = Brake.omit({ tenantId: true, connectionId: true, revision: true }).extend({
  examples: z.array(BrakeExample.omit({ sent: true })),
});

export const ConnectionAnswer = Connection.omit({
  tenantId: true,
  connectorUrl: true,
  secretsSet: true,
  secretVersion: true,
  activatedBefore: true,
  polledSince: true,
  revision: true,
}).extend({
  scope: Scope,
  config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), SecretSet])),
  brakes: z.array(BrakeView).optional(),
  /** Of one that is deleted: until when it can be restored. */
  purgeAt: z.string().optional(),
});
