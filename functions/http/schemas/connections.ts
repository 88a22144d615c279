import * as z from 'zod';
import { ConfigInput, ConfigValue, FieldsSent, SecretSet } from '../../core/mapping/config-values.ts';
import { ConflictPolicy } from '../../core/merge/policy.ts';
import { At } from '../../core/model/at.ts';
import { ActKind, Allowance, Brake, BrakeExample, WithheldAct } from '../../core/model/brake.ts';
import { Connection } from '../../core/model/connection.ts';
import { TypeDrift } from '../../core/model/connection-setup.ts';
import { FieldChange } from '../../core/model/field-change.ts';
import { NamesOfPair } from '../../core/model/record-names.ts';
import { everyone, Scope } from '../../core/model/scope.ts';
import { asRead } from './as-read.ts';
import { Description, Id, IntervalMinutes, Name } from './common.ts';
import { configForm, configPatchForm } from './config-form.ts';

const mostNamed = 200;
const PersonId = z
  .string()
  .min(1)
  .max(40)
  .meta({ examples: ['5'] });

/** Ids of users or groups of the CRM. */
export const PeopleIds = z.array(PersonId).max(mostNamed);

/** Each is looked up in the CRM where it is used. */
export const ScopeInput = z
  .union(
    [
      z.literal(everyone),
      z.strictObject({
        users: PeopleIds.default([]).describe('Ids of users in the CRM (`GET /v1/crm/users`).'),
        groups: PeopleIds.default([]).describe('Ids of groups in the CRM (`GET /v1/crm/groups`).'),
      }),
    ],
    { error: 'Must be "everyone", or {"users": […], "groups": […]} with ids of the CRM' },
  )
  .meta({ description: 'Whom it is for.', examples: [{ users: [], groups: ['2'] }] });

const ScopePatch = z
  .union(
    [
      z.literal(everyone),
      z.strictObject({
        users: PeopleIds.nullable().optional().describe('Ids of users in the CRM; absent: as they are, null: none.'),
        groups: PeopleIds.nullable().optional().describe('Ids of groups in the CRM; absent: as they are, null: none.'),
      }),
    ],
    { error: 'Must be "everyone", or {"users": […], "groups": […]} with ids of the CRM' },
  )
  .meta({ description: 'Whom it is for.', examples: [{ users: [], groups: ['2'] }] });

export const Config = ConfigInput.meta({
  description: 'Values of the fields that the kind of ERP declares (`GET /v1/connectors/{id}/config-fields`).',
  examples: [{ database: 'demo', user: 'sync', password: 'correct horse' }],
  override: configForm,
});

export const NewConnection = z.strictObject({
  connectorId: Id,
  name: Name,
  description: Description.optional(),
  scope: ScopeInput.default(everyone),
  config: Config.default({}),
  intervalMinutes: IntervalMinutes.optional().describe("How often it is polled; absent: the engine's default."),
  conflictPolicy: ConflictPolicy.optional().describe("Absent: the tenant's."),
});

export const ConnectionTest = z.strictObject({ connectorId: Id, config: Config.default({}) });

/** RFC 7396: what is absent stays, null removes. */
const ConfigPatch = FieldsSent.pipe(z.record(z.string().max(100), ConfigValue.nullable())).meta({
  description: 'Values of the fields that change; null removes one.',
  examples: [{ user: 'sync2', password: 'battery staple', timeout: null }],
  override: configPatchForm,
});

export const ConnectionCopy = z.strictObject({
  name: Name,
  description: Description.optional(),
  config: ConfigPatch.optional(),
});

export const ConnectionPatch = z.strictObject({
  name: Name.optional(),
  description: Description.nullable().optional(),
  scope: ScopePatch.nullable().optional().describe('Whom it is for; null: everyone.'),
  config: ConfigPatch.optional(),
  intervalMinutes: IntervalMinutes.optional(),
  conflictPolicy: ConflictPolicy.nullable().optional().describe("Null: the tenant's."),
  allowances: z
    .partialRecord(ActKind, Allowance.nullable())
    .nullable()
    .optional()
    .describe('How many links a day may meet an act of a kind; null: the standard one.'),
  ...asRead(
    ...(['id', 'connectorId', 'connectorKind', 'state', 'place', 'createdAt'] as const),
    ...(['suspension', 'secretNeeded', 'deletedAt', 'purging', 'purgeAt'] as const),
    ...(['unknownInScope', 'brakes', 'drift'] as const),
  ),
});

/** What was withheld of a link, without what tells its values. */
export const WithheldView = z.partialRecord(ActKind, WithheldAct.omit({ sent: true }));

/** What a brake holds back, and the answer that is being carried out. */
export const BrakeView = Brake.omit({ tenantId: true, connectionId: true, revision: true })
  .extend({
    examples: z
      .array(
        BrakeExample.omit({ sent: true }).extend({
          ...FieldChange.pick({ crmType: true, crmKey: true, actorType: true, erpKey: true }).partial().shape,
          ...NamesOfPair.shape,
        }),
      )
      .describe('Some of the links.'),
  })
  .meta({
    id: 'Brake',
    description: 'Stands on a connection while acts of a kind are withheld: answer the run that it stopped.',
  });

export const DriftView = z
  .array(TypeDrift)
  .describe(
    'Fields of active types that are mapped, filtered by or have a default, and are no longer described as they were.',
  );

export const ConnectionAnswer = Connection.omit({
  tenantId: true,
  connectorUrl: true,
  secretsSet: true,
  secretVersion: true,
  activatedBefore: true,
  polledSince: true,
  revision: true,
})
  .extend({
    scope: Scope,
    config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), SecretSet])).meta({
      description: 'Values of the configuration fields, secrets as `{"set": true}`.',
      examples: [{ database: 'demo', user: 'sync', password: { set: true } }],
    }),
    unknownInScope: Scope.options[1]
      .optional()
      .describe('Whom the scope names and the CRM no longer has; only where the CRM was asked.'),
    purgeAt: At.optional().describe('Of one that is deleted: until when it can be restored.'),
    brakes: z.array(BrakeView).optional().describe('Those that stand; only where one connection is read.'),
    drift: DriftView.optional(),
  })
  .meta({ id: 'Connection', description: 'An ERP company that is kept in agreement with the CRM.' });

/** Users of the CRM see no more than that there is one, and how it stands. */
const ConnectionForUser = Connection.pick({ id: true, name: true, description: true, state: true }).meta({
  id: 'ConnectionForUser',
  description: 'A connection as the role `user` sees it.',
});

/** By role: what has the form of a whole one is one. */
export const ConnectionAnswerTo = z.union([ConnectionAnswer, ConnectionForUser]);
