import type { ConfigInput } from '../../core/mapping/config-values.ts';
import type { FieldDefault } from '../../core/mapping/defaults.ts';
import type { ActorTypeMapping } from '../../core/mapping/mapping.ts';
import type { ConflictPolicy } from '../../core/merge/policy.ts';
import type { ActorType } from '../../core/model/actor-type.ts';
import type { Allowances } from '../../core/model/brake.ts';
import type { Scope } from '../../core/model/scope.ts';
import type { ListMappingInput } from '../mappings/save-list-mappings.ts';

export interface ConnectorEntry {
  readonly name: string;
  readonly kind: string;
  readonly url: string;
}

export interface ActorTypeEntry extends ActorTypeMapping {
  readonly defaults?: readonly FieldDefault[] | undefined;
  /** Absent: as the ERP has them. */
  readonly fieldOrder?: readonly string[] | undefined;
}

export interface ConnectionEntry {
  readonly name: string;
  /** The name of a connector of the file. */
  readonly connector: string;
  readonly description?: string | undefined;
  readonly scope: Scope;
  /** Absent: the engine's default. */
  readonly intervalMinutes?: number | undefined;
  /** Absent: the tenant's. */
  readonly conflictPolicy?: ConflictPolicy | undefined;
  readonly allowances?: Allowances | undefined;
  /** Secrets that are absent stay as they are stored. */
  readonly config: ConfigInput;
  readonly actorTypes: Readonly<Partial<Record<ActorType, ActorTypeEntry | undefined>>>;
  readonly lists: readonly ListMappingInput[];
}

/**
 * A tenant's set-up, known by names. What it names is as it says, what it leaves out of that is at its default; connectors,
 * connections, actor types and lists that it does not name are left alone.
 */
export interface ConfigFile {
  readonly version: 1;
  readonly connectors: readonly ConnectorEntry[];
  /** In sync order. */
  readonly connections: readonly ConnectionEntry[];
}
