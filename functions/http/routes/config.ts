import * as z from 'zod';
import { SetUpChange } from '../../core/model/audit.ts';
import { applyConfig, planConfig } from '../../features/config/apply-config.ts';
import { outcomes } from '../../features/config/config-result.ts';
import { exportConfig } from '../../features/config/export-config.ts';
import { route } from '../application-routes.ts';
import { ConfigFile } from '../schemas/config-file.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const EntryResult = z
  .object({
    name: z.string().meta({ examples: ['Demo ERP'] }),
    outcome: z
      .enum(outcomes)
      .describe('What becomes of it. `not-done`: the time was over, and nothing of it is stored; send the file again.'),
    changes: z
      .array(SetUpChange)
      .describe('Every value that differs, of what is refused the first 100; secrets read as set.'),
    errors: z
      .array(
        z.object({
          path: z.string().meta({ description: 'Where in the file.', examples: ['connections[0].config.user'] }),
          message: z.string().meta({ description: 'What is wrong there.', examples: ['Must be filled in'] }),
        }),
      )
      .describe('Why it is refused: the first 100 faults, and how many more there are.'),
    explanation: z.string().optional().describe('The own words of a system that refused.'),
  })
  .meta({ id: 'ConfigEntryResult', description: 'What becomes of one connector or connection of a file.' });

const Names = z.array(z.string()).meta({ examples: [['Demo ERP', 'Second ERP']] });

const ConfigResult = z
  .object({
    same: z.boolean().describe('Nothing differs, and nothing is refused.'),
    complete: z.boolean().describe('False: the time was over before all was dealt with; the same request goes on.'),
    connectors: z.array(EntryResult),
    connections: z.array(EntryResult),
    order: z
      .object({ old: Names.describe('As it was.'), new: Names.describe('As it shall be.') })
      .optional()
      .describe('Names of all connections in sync order, where that changes.'),
    leftAlone: z
      .array(
        z.object({
          kind: z.enum(['connector', 'connection', 'actor-type', 'list']),
          name: z.string().meta({ examples: ['Second ERP'] }),
          connection: z
            .string()
            .optional()
            .meta({ description: 'Of which one.', examples: ['Demo ERP'] }),
        }),
      )
      .describe('What the tenant has and the file does not name.'),
  })
  .meta({ id: 'ConfigResult', description: 'What a file makes of the set-up, thing by thing.' });

export const configRoutes = [
  route('exportConfig', {
    request: EmptyRequest,
    answer: ConfigFile,
    handle: async (app, { caller }) => ({ body: await exportConfig(app, caller.tenantId) }),
  }),
  route('planConfig', {
    request: EmptyRequest.extend({ body: ConfigFile }),
    answer: ConfigResult,
    handle: async (app, { caller, body }) => ({ body: await planConfig(app, caller, body) }),
  }),
  route('applyConfig', {
    request: EmptyRequest.extend({ body: ConfigFile }),
    answer: ConfigResult,
    handle: async (app, { caller, body }) => ({ body: await applyConfig(app, caller, body) }),
  }),
];
