import type { ActorTypeRef } from '../core/model/actor-type.ts';
import type { ActKind, Brake } from '../core/model/brake.ts';
import type { Connection, ConnectionActivity, ConnectionState } from '../core/model/connection.ts';
import type {
  ActorTypeSetup,
  ConnectionSetup,
  ListPairing,
  WholeActorType,
  WholeSetup,
} from '../core/model/connection-setup.ts';
import type { LinkState } from '../core/model/link.ts';
import type { MappingVersion } from '../core/model/mapping-version.ts';
import type { Side } from '../core/model/side.ts';
import type { Sweep, SweepProgress } from '../core/model/sweep.ts';
import type { Trail } from './audit.ts';
import type { CursorMove, TableCursor } from './cursors.ts';
import type { NameMove } from './name-move.ts';
import type { Page, PageRequest } from './page.ts';

interface MovedCursor extends CursorMove {
  readonly side: Side;
  readonly table: string;
}

/** Pairs of lists as they shall be. */
export interface ListPairsChange {
  readonly tenantId: string;
  readonly connectionId: string;
  /** Of all list mappings, as it was read. */
  readonly revision: number;
  /** See `ListMappings`; without it what is told by now stands. */
  readonly mappedAt?: string | undefined;
  readonly before: readonly ListPairing[];
  /** In place of `before`; lists in neither stay as they are. */
  readonly after: readonly ListPairing[];
  /** Only while the connection is in that state. */
  readonly whileIn?: ConnectionState | undefined;
  readonly trail?: Trail | undefined;
}

/** What is noted of an actor type beside its fields and mapping; what is undefined is taken away. */
export type NotedOfType = Partial<Pick<ActorTypeSetup, 'suspended' | 'activatedFingerprint' | 'drift'>>;

/** What may be written with a connection and its actor types, in one transaction. */
export interface AlongConnection {
  readonly versions?: readonly MappingVersion[] | undefined;
  readonly lists?: Omit<ListPairsChange, 'whileIn' | 'trail'> | undefined;
  readonly trail?: Trail | undefined;
}

/** `replace` is on condition of the revision read and stores revision + 1; undefined = superseded. `trail` is written with the change. */
export interface Connections {
  /**
   * Connection, its actor types with all fields, the claim of its name and the connector's count, all or nothing. False = the
   * connector is gone; SyncError `conflict` with the id of who has claimed the name.
   */
  create(
    connection: Connection,
    actorTypes: readonly ActorTypeSetup[],
    trail?: Trail,
    along?: Omit<AlongConnection, 'trail'>,
  ): Promise<boolean>;
  /**
   * A connection with those of its actor types that change, all or nothing, on condition of every revision read;
   * undefined = superseded. `too-large` where it is more than one transaction takes.
   */
  replaceWhole(
    connection: Connection,
    actorTypes: readonly WholeActorType[],
    along: AlongConnection,
  ): Promise<Connection | undefined>;
  get(tenantId: string, connectionId: string): Promise<Connection | undefined>;
  /** With those of its brakes that stand. */
  getWithBrakes(
    tenantId: string,
    connectionId: string,
  ): Promise<{ readonly connection: Connection; readonly brakes: readonly Brake[] } | undefined>;
  /** As above, with its actor types as `getSetup` has them. */
  getWithTypes(
    tenantId: string,
    connectionId: string,
  ): Promise<
    | {
        readonly connection: Connection;
        readonly brakes: readonly Brake[];
        readonly actorTypes: readonly ActorTypeSetup[];
      }
    | undefined
  >;
  /** One query: connection, actor types with the fields in use, list pairings, brakes that stand; again while list pairings are being written. */
  getSetup(tenantId: string, connectionId: string): Promise<ConnectionSetup | undefined>;
  /** With all fields of both sides, by one query more at the same time; again while they are being written. */
  getWholeSetup(tenantId: string, connectionId: string): Promise<WholeSetup | undefined>;
  /** That of every connection of the tenant that is not deleted, in sync order: a query each, and two calls. */
  wholeSetups(tenantId: string): Promise<WholeSetup[]>;
  /** One of its types with all fields, by key: one call, or two where the fields are more than one part; no type where there is none. */
  getWholeType(
    of: ActorTypeRef,
  ): Promise<{ readonly connection: Connection; readonly type: WholeActorType | undefined } | undefined>;
  /** The query of `getSetup`, with the cursors of its tables. */
  getSetupWithCursors(
    tenantId: string,
    connectionId: string,
  ): Promise<{ readonly setup: ConnectionSetup; readonly cursors: readonly TableCursor[] } | undefined>;
  list(tenantId: string, page: PageRequest & { includeDeleted: boolean }): Promise<Page<Connection>>;
  /** Ids of those of the connections that are not deleted, first in the sync order first. */
  ordered(tenantId: string, connectionIds: readonly string[]): Promise<readonly string[]>;
  /** Every connection of the tenant that is not deleted, in sync order. */
  inOrder(tenantId: string): Promise<Connection[]>;
  /** Its name is another one, or comes or goes with its state, only as `move` says. */
  replace(connection: Connection, trail?: Trail, move?: NameMove): Promise<Connection | undefined>;
  /** Sets the sync order in one write, whatever its length; connections that it does not name come after, in the order they were made. */
  reorder(tenantId: string, connectionIds: readonly string[], trail?: Trail): Promise<void>;
  /** Of a tenant's files one is applied at a time, until it is left or `untilMs` has passed; false = another one is. */
  takeFileTurn(tenantId: string, nowMs: number, untilMs: number): Promise<boolean>;
  /** Nothing where another one has it since. */
  leaveFileTurn(tenantId: string, untilMs: number): Promise<void>;
  /** As stored; undefined = superseded. `too-large` where it is more than one transaction takes. */
  putActorTypes(actorTypes: readonly WholeActorType[], trail?: Trail): Promise<readonly WholeActorType[] | undefined>;
  /** `whileIn`: only while the connection is in that state; a change of state at the same time makes it superseded. */
  replaceActorType(
    setup: WholeActorType,
    whileIn?: ConnectionState,
    along?: { readonly trail: Trail; readonly version?: MappingVersion | undefined },
  ): Promise<WholeActorType | undefined>;
  /** On condition of the revision read, like a replacement; fields and mapping stay as they are stored. */
  noteActorType<Type extends ActorTypeSetup>(type: Type, noted: NotedOfType, trail?: Trail): Promise<Type | undefined>;
  /** All or nothing, on condition of the revision; false = superseded. `too-large` where it is more than one transaction takes. */
  putListPairs(change: ListPairsChange): Promise<boolean>;
  /** The links that waited for what was mapped are due; nothing where a pair was changed since. Safe to repeat. */
  endRelease(tenantId: string, connectionId: string, revision: number): Promise<void>;
  activity(tenantId: string, connectionId: string): Promise<ConnectionActivity>;
  /** With cursors that the poll moves, in one call; where one was moved meanwhile, the others are. */
  notePolled(tenantId: string, connectionId: string, at: string, moved?: readonly MovedCursor[]): Promise<void>;
  noteSynced(tenantId: string, connectionId: string, at: string): Promise<void>;
  /** The UTC day (`YYYY-MM-DD`) of the last daily compare run. */
  noteCompared(tenantId: string, connectionId: string, day: string): Promise<void>;
  /** The UTC day of the last daily sweep. */
  noteSweptDay(tenantId: string, connectionId: string, day: string): Promise<void>;
  /** The UTC day on which both systems were last asked what they offer. */
  noteDescribed(tenantId: string, connectionId: string, day: string): Promise<void>;
  /** In place of the last one, as it was read; false = somebody has begun another since. */
  beginSweep(tenantId: string, connectionId: string, sweep: Sweep, last: Sweep | undefined): Promise<boolean>;
  /** How far a chain of the sweep has come; nothing where it has ended. Safe to repeat. */
  noteSwept(tenantId: string, connectionId: string, chain: string, progress: SweepProgress): Promise<void>;
  /** A chain of the sweep is through. Safe to repeat. */
  endSweep(tenantId: string, connectionId: string, chain: string, progress: SweepProgress): Promise<void>;
  /** When a suspended connection was tried by itself. */
  noteTried(tenantId: string, connectionId: string, at: string): Promise<void>;
  /** The chain has an open failure and is not tried before; without a time it works again. */
  noteChainWait(tenantId: string, connectionId: string, chain: string, notBefore?: string): Promise<void>;
  summary(tenantId: string, connectionId: string): Promise<SummaryCounts>;
}

/** Sharded counters added up: by actor type. */
export interface SummaryCounts {
  readonly [actorType: string]: {
    readonly links: Readonly<Record<LinkState, number>>;
    readonly failures: number;
    readonly held: number;
    /** Links with an act withheld, by its kind. */
    readonly withheld: Readonly<Record<ActKind, number>>;
  };
}
