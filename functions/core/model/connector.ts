import * as z from 'zod';
import { At } from './at.ts';

/** Values of the settings that a kind of system declares. */
export const ConfigValues = z.record(z.string(), z.union([z.string(), z.boolean(), z.number()]));
export type ConfigValues = Readonly<z.infer<typeof ConfigValues>>;

/** A Sync Connector: one kind of ERP system at one address. */
export const Connector = z.object({
  tenantId: z.string(),
  id: z.string(),
  /** One of the kinds that are built in, as the edge has checked. */
  kind: z.string().meta({ description: 'The kind of ERP (`GET /v1/connector-types`).', examples: ['erp-kind'] }),
  name: z.string().meta({ examples: ['Our ERP'] }),
  url: z.string().meta({ examples: ['https://erp.example.com'] }),
  connections: z
    .number()
    .int()
    .describe('Connections that use it, deleted ones too: it can be removed while there are none.'),
  revision: z.number().int(),
  createdAt: At,
});
export type Connector = z.infer<typeof Connector>;
