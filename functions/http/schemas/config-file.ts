/** The form of a tenant's set-up as one file; docs/config.schema.json is made of it. */
import * as z from 'zod';
import { ActorTypeMapping } from '../../core/mapping/mapping.ts';
import { ConflictPolicy } from '../../core/merge/policy.ts';
import { Allowances } from '../../core/model/brake.ts';
import { everyone } from '../../core/model/scope.ts';
import { Defaults, Keys } from '../routes/defaults.ts';
import { ListMapping, mostLists } from '../routes/list-mappings.ts';
import { Description, HttpAddress, IntervalMinutes, Name } from './common.ts';
import { Config, ScopeInput } from './connections.ts';

const mostThings = 200;

const ConnectorEntry = z
  .strictObject({
    name: Name.describe('Names the connector: renamed, it is another one.'),
    kind: z
      .string()
      .max(50)
      .meta({ description: 'The kind of ERP.', examples: ['erp-kind'] }),
    url: HttpAddress,
  })
  .meta({ id: 'ConfigConnector', description: 'A kind of ERP at one address.' });

const ActorTypeEntry = ActorTypeMapping.extend({
  defaults: Defaults.optional().describe('What a new ERP actor gets in which field; absent: nothing.'),
  fieldOrder: Keys.optional().describe(
    'Every field that the ERP offers, in the order of the ERP tab; absent: its own.',
  ),
}).meta({ id: 'ConfigActorType', description: 'How an actor type is mapped, and what a new actor gets.' });

const ConnectionEntry = z
  .strictObject({
    name: Name.describe('Names the connection: renamed, it is another one.'),
    connector: Name.describe('The name of a connector of this file.'),
    description: Description.optional(),
    scope: ScopeInput.default(everyone),
    intervalMinutes: IntervalMinutes.optional().describe("How often it is polled; absent: the engine's default."),
    conflictPolicy: ConflictPolicy.optional().describe("Absent: the tenant's."),
    allowances: Allowances.optional().describe('How many links a day may meet an act of a kind; absent: the standard.'),
    config: Config.default({}).describe(
      `Values of the fields that the kind of ERP declares; in a file secrets as \${env:NAME}. A secret that is left out stays.`,
    ),
    actorTypes: z
      .strictObject({
        customer: ActorTypeEntry.optional(),
        supplier: ActorTypeEntry.optional(),
        partner: ActorTypeEntry.optional(),
        person: ActorTypeEntry.optional(),
        project: ActorTypeEntry.optional(),
      })
      .default({})
      .describe('Those that are not named are left alone.'),
    lists: z
      .array(ListMapping)
      .max(mostLists)
      .default([])
      .describe('Which items are which, all of two lists; lists that are not named are left alone.'),
  })
  .meta({ id: 'ConfigConnection', description: 'A connection with its mappings. It is made inactive.' });

export const ConfigFile = z
  .strictObject({
    version: z.literal(1).describe('Of this form of file.'),
    connectors: z.array(ConnectorEntry).max(mostThings).describe('Those that are not named are left alone.'),
    connections: z
      .array(ConnectionEntry)
      .max(mostThings)
      .describe('In sync order; those that are not named are left alone.'),
  })
  .meta({ id: 'ConfigFile', description: 'Connectors and connections of a tenant, known by their names.' });
