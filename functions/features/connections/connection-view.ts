import { maskedConfig } from '../../core/mapping/config-values.ts';
import type { Brake } from '../../core/model/brake.ts';
import { type Connection, purgeAtOf } from '../../core/model/connection.ts';
import type { TypeDrift } from '../../core/model/connection-setup.ts';

/** In this version a connection is for everyone; other scopes are refused. */
export const everyone = 'everyone';

export interface ConnectionView extends Omit<Connection, 'config'> {
  readonly scope: typeof everyone;
  /** Of one that is deleted: until when it can be restored. */
  readonly purgeAt?: string | undefined;
  readonly config: ReturnType<typeof maskedConfig>;
  /** Where it is read alone: those that stand. */
  readonly brakes?: readonly Brake[];
  /** As above: fields in use that are no longer described as they were. */
  readonly drift?: readonly TypeDrift[];
}

/** A connection as it is read: passwords show only that they are set. */
export function connectionView(connection: Connection): ConnectionView {
  const config = maskedConfig(connection.config, connection.secretsSet);
  return { ...connection, scope: everyone, purgeAt: purgeAtOf(connection), config };
}
