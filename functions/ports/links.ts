import type { ActorType } from '../core/model/actor-type.ts';
import type { CrmRecordLinks, LinkOfCrmRecord, SentValues } from '../core/model/crm-record.ts';
import type { DueItem } from '../core/model/due.ts';
import type { Failure } from '../core/model/failure.ts';
import type { FieldChange } from '../core/model/field-change.ts';
import type { Intent, Link, LinkHead, LinkState, SeenState } from '../core/model/link.ts';
import type { RecordTable } from '../core/model/record-table.ts';
import type { ChunkRef, CounterDeltas } from '../core/model/run.ts';
import type { Side } from '../core/model/side.ts';
import type { Trail } from './audit.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * Links, their two claims and everything that changes in one transaction with them. Every write is on condition of the
 * revision that was read; `superseded` = somebody else wrote since, nothing was written.
 */
export interface Links {
  get(tenantId: string, linkId: string): Promise<Link | undefined>;
  /** With the newest page of its log, by one query. */
  getWithLog(tenantId: string, linkId: string): Promise<LinkWithLog | undefined>;
  /** Batched; links that do not exist are left out. */
  getMany(tenantId: string, linkIds: readonly string[]): Promise<Link[]>;
  /** The same without their intents and agreed values: no read more, however large those are. */
  getHeads(tenantId: string, linkIds: readonly string[]): Promise<LinkHead[]>;
  /** Links of records of a table, through their claims, batched; the record that a link had by then stands in it. */
  ofRecords(of: RecordTable, keys: readonly string[]): Promise<LinkOfRecord[]>;
  /** Through the claims, batched: key → link id. */
  findByKeys(of: RecordTable, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Every link of a CRM record, over all connections, disconnected ones included. */
  ofCrmRecord(tenantId: string, crmTable: string, crmKey: string): Promise<LinkHead[]>;
  /** Of the same their ids and connections, newest first, by one query; they come from an index, which may lag behind. */
  refsOfCrmRecord(tenantId: string, crmTable: string, crmKey: string): Promise<LinkRef[]>;
  /** What the links of CRM records have in common, batched, by key; records without a link are left out. */
  crmRecords(
    tenantId: string,
    crmTable: string,
    crmKeys: readonly string[],
  ): Promise<ReadonlyMap<string, CrmRecordLinks>>;
  /** Links of a connection by state, paged; for compare runs and lists. Keys come from an index, links from the base table. */
  list(tenantId: string, filter: LinkFilter, page: PageRequest): Promise<Page<LinkHead>>;
  /**
   * Link, both claims, the CRM record's list of links, due item and summary counts in one transaction. Links that other
   * connections have of the record are `shared` from then on, and one revision higher.
   */
  connect(link: Link, due: DueItem): Promise<ConnectResult>;
  /** The claims go, the link stays with its history; its due item goes too, unless `settles` is to settle its intent. */
  disconnect(link: Link, settles: DueItem): Promise<'disconnected' | 'superseded'>;
  /**
   * Disconnects the link if it is not, and takes every value and mark of one out of it, its intent and its failures.
   * `trail` is written with it.
   */
  erase(link: Link, erasedAt: string, trail: Trail): Promise<'erased' | 'superseded'>;
  /** Takes both claims again; last agreed is kept; the link becomes due. */
  restore(link: Link, due: DueItem): Promise<ConnectResult | { readonly result: 'superseded' }>;
  /**
   * One end goes to another record of its table: its claim is given back and the other one taken, what was agreed and
   * seen is forgotten, with the name of the record that it leaves; the failures close; the link is pending and due.
   */
  move(link: Link, to: LinkMove, due: DueItem): Promise<ConnectResult | { readonly result: 'superseded' }>;
  /**
   * Stores the intent, whose expiry is the lease, on condition of the revision, and the due item if there is none by then;
   * answers the link as stored. `sent`: of a shared link, all that its connection last sent to the CRM record, this
   * intent's values included.
   */
  takeIntent(link: Link, intent: Intent, due?: DueItem, sent?: SentValues): Promise<Link | 'superseded'>;
  /** The record step: one transaction of its own. */
  record(step: RecordStep): Promise<Link | 'superseded'>;
}

/** `connectionId`: absent of a link that an earlier version stored. */
export interface LinkRef {
  readonly linkId: string;
  readonly connectionId?: string | undefined;
}

/** A link as it is first read, to be explained. */
export interface LinkWithLog {
  readonly head: LinkHead;
  /** Newest first, made changes only; the change log goes on behind its cursor. */
  readonly log: Page<FieldChange>;
  /** With its intent and agreed values: no read more but for what stands beside the link, which may be newer by then. */
  whole(): Promise<Link | undefined>;
}

/** As much of a link as a list of changes is compared with: how it stands with its record of one side. */
export interface LinkOfRecord extends Pick<Link, 'id' | 'state'> {
  readonly key: string;
  readonly actorType: ActorType;
  readonly seen: SeenState | undefined;
  readonly hasIntent: boolean;
}

export interface LinkMove extends Pick<Link, 'choices'> {
  readonly side: Side;
  readonly key: string;
}

export interface LinkFilter {
  readonly connectionId: string;
  readonly state?: LinkState;
  readonly actorType?: string;
  /** Only links with a field that is agreed to differ. */
  readonly differing?: boolean | undefined;
  /** For people who wait: partitions side by side, which takes fewer calls for few links and reads more keys. */
  readonly atOnce?: boolean | undefined;
}

export type ConnectResult =
  | { readonly result: 'connected'; readonly link: Link }
  /** `takenBy`: the link that has the claim; one of its links where the CRM record can have no more (`crm-record-full`). */
  | {
      readonly result: 'taken';
      readonly by: 'crm-record' | 'erp-actor' | 'crm-record-full';
      readonly takenBy: string;
    };

interface StepCounts extends Omit<ChunkRef, 'tenantId'> {
  readonly deltas: CounterDeltas;
  /** This is the link's result in the chunk. */
  readonly result: boolean;
  /** An instant by our clock. */
  readonly at: string;
}

/** What a record step writes. */
export interface RecordStep {
  /** As it was read: its revision is the condition, its state and open failures the basis of the summary counts. */
  readonly before: Link;
  /** As it shall be; the store sets the revision. */
  readonly after: Link;
  readonly changes?: readonly FieldChange[];
  /** The link's failure as it shall be; those that `after` no longer names go. */
  readonly failure?: Failure | undefined;
  /** Removes the due item if it still has this sequence; a newer one stays, and the record is made all the same. */
  readonly removesDue?: string | undefined;
  /** A fresh due item instead (the link stays due). */
  readonly staysDue?: DueItem | undefined;
  /** Links of other connections that this change of the CRM makes due; what they wait for already stands. */
  readonly makesDue?: readonly (LinkOfCrmRecord & Pick<DueItem, 'sequence'>)[] | undefined;
  /** All of these are to be resynchronised from the CRM at their next look. */
  readonly resyncs?: Link['resyncsFromCrm'];
  /** As for `takeIntent`, where the CRM stored something else than it was sent. */
  readonly sent?: SentValues | undefined;
  /**
   * Added to the link's result in the chunk, or to the run once that is summed. No link is counted twice: `lookedAt` is left
   * out of what the run gets, unless the link was let go before it had a result.
   */
  readonly counts?: StepCounts;
}
