import { z } from 'zod';

/** Built-in connector kinds. */
export const ConnectorKind = z.enum(['tryton']);
export type ConnectorKind = z.infer<typeof ConnectorKind>;

/** A Sync Connector: one kind of ERP system at one address. */
export const Connector = z.object({
  tenantId: z.string(),
  id: z.string(),
  kind: ConnectorKind,
  name: z.string(),
  url: z.string(),
  /** Connections that use it, deleted ones too: deletion is refused while it is not 0. */
  connections: z.number().int(),
  revision: z.number().int(),
  createdAt: z.string(),
});
export type Connector = z.infer<typeof Connector>;
