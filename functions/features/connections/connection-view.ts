import { maskedConfig } from '../../core/mapping/config-values.ts';
import { type Connection, purgeAtOf } from '../../core/model/connection.ts';
import type { TypeDrift } from '../../core/model/connection-setup.ts';
import { everyone, type Scope } from '../../core/model/scope.ts';
import type { NamedBrake } from './named-brakes.ts';

export interface ConnectionView extends Omit<Connection, 'config'> {
  readonly scope: Scope;
  /** Where the CRM was asked: those that the scope names and the CRM no longer has. */
  readonly unknownInScope?: { readonly users: readonly string[]; readonly groups: readonly string[] } | undefined;
  /** Of one that is deleted: until when it can be restored. */
  readonly purgeAt?: string | undefined;
  readonly config: ReturnType<typeof maskedConfig>;
  /** Where it is read alone: those that stand. */
  readonly brakes?: readonly NamedBrake[];
  /** As above: fields in use that are no longer described as they were. */
  readonly drift?: readonly TypeDrift[];
}

/** A connection as it is read: passwords show only that they are set. */
export function connectionView(connection: Connection): ConnectionView {
  const config = maskedConfig(connection.config, connection.secretsSet);
  return { ...connection, scope: connection.scope ?? everyone, purgeAt: purgeAtOf(connection), config };
}

/** As users of the CRM see it: not how it is made. */
export type ConnectionForUser = Pick<Connection, 'id' | 'name' | 'description' | 'state' | 'revision'>;

export function connectionForUser({ id, name, description, state, revision }: Connection): ConnectionForUser {
  return { id, name, description, state, revision };
}
