import { maskedConfig } from '../../core/mapping/config-values.ts';
import type { Brake } from '../../core/model/brake.ts';
import type { Connection } from '../../core/model/connection.ts';

/** In this version a connection is for everyone; other scopes are refused. */
export const everyone = 'everyone';

export interface ConnectionView extends Omit<Connection, 'config'> {
  readonly scope: typeof everyone;
  readonly config: ReturnType<typeof maskedConfig>;
  /** Where it is read alone: those that stand. */
  readonly brakes?: readonly Brake[];
}

/** A connection as it is read: passwords show only that they are set. */
export function connectionView(connection: Connection): ConnectionView {
  return { ...connection, scope: everyone, config: maskedConfig(connection.config, connection.secretsSet) };
}
