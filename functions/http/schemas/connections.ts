import * as z from 'zod';
import { ConfigInput, ConfigValue, FieldsSent, SecretSet } from '../../core/mapping/config-values.ts';
import { ConflictPolicy } from '../../core/merge/policy.ts';
import { Allowance, Brake } from '../../core/model/brake.ts';
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
export const ConnectionPatch = z.strictObject({
  name: Name.optional(),
  description: Description.nullable().optional(),
  scope: Scope.optional(),
  config: FieldsSent.pipe(z.record(z.string().max(100), ConfigValue.nullable())).optional(),
  intervalMinutes: IntervalMinutes.optional(),
  conflictPolicy: ConflictPolicy.nullable().optional(),
  allowances: z
    .strictObject({ blanks: Allowance.nullable().optional(), breaks: Allowance.nullable().optional() })
    .nullable()
    .optional(),
});

/** What a brake holds back, and the answer that is being carried out. */
export const BrakeView = Brake.omit({ tenantId: true, connectionId: true, revision: true });

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
});
