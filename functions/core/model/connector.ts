import * as z from 'zod';

/** Values of the settings that a kind of system declares. */
export const ConfigValues = z.record(z.string(), z.union([z.string(), z.boolean(), z.number()]));
export type ConfigValues = Readonly<z.infer<typeof ConfigValues>>;

/** A Sync Connector: one kind of ERP system at one address. */
export const Connector = z.object({
  tenantId: z.string(),
  id: z.string(),
  /** One of the kinds that are built in, as the edge has checked. */
  kind: z.string(),
  name: z.string(),
  url: z.string(),
  /** Connections that use it, deleted ones too: deletion is refused while it is not 0. */
  connections: z.number().int(),
  revision: z.number().int(),
  createdAt: z.string(),
});
export type Connector = z.infer<typeof Connector>;
