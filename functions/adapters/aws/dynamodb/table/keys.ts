import type { AuditSubject } from '../../../../core/model/audit.ts';
import type { LinkState } from '../../../../core/model/link.ts';
import type { RecordTable } from '../../../../core/model/record-table.ts';
import type { Side } from '../../../../core/model/side.ts';
import { type RateKind, rateKinds } from '../../../../ports/rates.ts';
import type { Key } from '../../../../ports/table.ts';

/**
 * Every key of the table (docs/data-model.md). All start with the tenant, except the claim of a CRM context. Parts from
 * outside are percent-encoded, so that no key of a vendor can run into the next part.
 */

/** Due items and link lists of a connection are spread over this many partitions: each takes 1,000 writes a second. */
const partitionShards = 4;
/** The log sorts by time, so that DynamoDB cannot split a partition where the writes come: 5,000 records a second. */
const logShards = 8;
/** As many partitions, and enough that transactions seldom meet on one counter (a clash is a retry). */
const counterShards = 32;
const formerCounterShards = 8;

/** Sorts after every character that a key part can hold. */
const afterAll = '\u007f';

/** Nothing in it would be encoded. */
const plain = /^[\w.~-]*$/;

function encoded(part: string | number): string {
  const text = String(part);
  return plain.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

function join(...parts: readonly (string | number)[]): string {
  return parts.map(encoded).join('#');
}

/** The way back from a key to its parts. */
export function keyParts(key: string): string[] {
  return key.split('#').map((part) => (part.includes('%') ? decodeURIComponent(part) : part));
}

/** The part of a key after its last `#`. */
export function lastPart(key: string): string {
  const part = key.slice(key.lastIndexOf('#') + 1);
  return part.includes('%') ? decodeURIComponent(part) : part;
}

/** FNV-1a: stable, and good enough to spread ids. */
function shardOf(id: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let position = 0; position < id.length; position += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(position), 0x01000193) >>> 0;
  }
  return hash % shards;
}

function everyShard<T>(shards: number, at: (shard: number) => T): T[] {
  return Array.from({ length: shards }, (_, shard) => at(shard));
}

/** The last one is that of an earlier version, which had one for all. */
function everyLogShard(...log: readonly string[]): string[] {
  return [...everyShard(logShards, (shard) => join(...log, shard)), join(...log)];
}

export const keys = {
  /** The CRM tells contexts apart by their letters, not by their case. */
  crmContext: (context: string): Key => ({ pk: join('crm-context', context.toLowerCase()), sk: 'claim' }),
  tenant: (tenantId: string): Key => ({ pk: join(tenantId, 'tenant'), sk: 'tenant' }),
  apiKey: (tenantId: string, keyId: string): Key => ({ pk: join(tenantId, 'api-keys'), sk: join(keyId) }),
  session: (tenantId: string, sessionId: string): Key => ({
    pk: join(tenantId, 'session', sessionId),
    sk: 'session',
  }),
  signInPass: (tenantId: string, passId: string): Key => ({
    pk: join(tenantId, 'sign-in-pass', passId),
    sk: 'pass',
  }),
  /** Says that a session was made of a token, which is known by its hash. */
  usedToken: (tenantId: string, tokenHash: string): Key => ({
    pk: join(tenantId, 'used-token', tokenHash),
    sk: 'used-token',
  }),
  audit: (tenantId: string, at: string, entryId: string): Key => ({
    pk: partitions.audit(tenantId),
    sk: sortKeys.byTime(at, entryId),
  }),
  mappingVersion: (
    of: { readonly tenantId: string; readonly connectionId: string; readonly actorType: string },
    number: number,
  ): Key => ({
    pk: partitions.mappingVersions(of.tenantId, of.connectionId),
    sk: join(of.actorType, String(Math.max(0, number)).padStart(8, '0')),
  }),
  connector: (tenantId: string, connectorId: string): Key => ({
    pk: join(tenantId, 'connectors'),
    sk: join(connectorId),
  }),
  /** Names a connection of the tenant; never changed, so that the list of connections is read consistently. */
  connectionEntry: (tenantId: string, connectionId: string): Key => ({
    pk: join(tenantId, 'connections'),
    sk: join(connectionId),
  }),
  /** Beside the names, so that one query reads both. No id has a `~`. */
  connectionOrder: (tenantId: string): Key => ({ pk: join(tenantId, 'connections'), sk: '~order' }),
  name: (tenantId: string, kind: string, digest: string): Key => ({
    pk: join(tenantId, 'names'),
    sk: join(kind, digest),
  }),
  fileTurn: (tenantId: string): Key => ({ pk: join(tenantId, 'file-turn'), sk: 'file-turn' }),
  connection: (tenantId: string, connectionId: string): Key => ({
    pk: join(tenantId, 'connection', connectionId),
    sk: 'connection',
  }),
  actorType: (tenantId: string, connectionId: string, actorType: string): Key => ({
    pk: join(tenantId, 'connection', connectionId),
    sk: join('actor-type', actorType),
  }),
  /** Apart from the connection, so that the query of its set-up does not read it. */
  fieldMetadata: (
    of: { readonly tenantId: string; readonly connectionId: string; readonly actorType: string },
    part: number,
  ): Key => ({ pk: partitions.fieldMetadata(of.tenantId, of.connectionId), sk: join(of.actorType, part) }),
  /** The first part has no number: where an earlier version stored all pairs. */
  listPairing: (tenantId: string, connectionId: string, erpList: string, crmList: string, part: number): Key => ({
    pk: join(tenantId, 'connection', connectionId),
    sk: part === 0 ? join('list', erpList, crmList) : join('list', erpList, crmList, part),
  }),
  listMappings: (tenantId: string, connectionId: string): Key => ({
    pk: join(tenantId, 'connection', connectionId),
    sk: 'lists',
  }),
  /** Beside the connection, so that one query reads both. */
  brake: (tenantId: string, connectionId: string, kind: string): Key => ({
    pk: join(tenantId, 'connection', connectionId),
    sk: join('brake', kind),
  }),
  /** `of`: the UTC day, or the run that carries out the answer to a brake. */
  allowance: (tenantId: string, connectionId: string, kind: string, of: string): Key => ({
    pk: join(tenantId, 'allowance', connectionId, kind, of),
    sk: 'allowance',
  }),
  /** Says that the link has taken its part of the allowance. */
  taken: (tenantId: string, connectionId: string, kind: string, of: string, linkId: string): Key => ({
    pk: join(tenantId, 'allowance', connectionId, kind, of),
    sk: join('link', linkId),
  }),
  activity: (tenantId: string, connectionId: string): Key => ({
    pk: join(tenantId, 'activity', connectionId),
    sk: 'activity',
  }),
  /** `spread`: the text that chooses the counter. */
  summary: (tenantId: string, connectionId: string, actorType: string, spread: string): Key => ({
    pk: join(tenantId, 'summary', connectionId, shardOf(spread, counterShards)),
    sk: join(actorType),
  }),
  /** Those of an earlier version too, all in one partition: nothing is added to them any more, and they still count. */
  summaries: (tenantId: string, connectionId: string, actorTypes: readonly string[]): Key[] => {
    const pk = join(tenantId, 'summary', connectionId);
    return actorTypes.flatMap((actorType) => [
      ...everyShard(counterShards, (shard) => ({ pk: `${pk}#${shard}`, sk: join(actorType) })),
      ...everyShard(formerCounterShards, (shard) => ({ pk, sk: join(actorType, shard) })),
    ]);
  },
  /** Of a connection's ERP; without a connection, of the tenant's CRM. */
  throttle: (tenantId: string, connectionId: string | undefined): Key => ({
    pk: connectionId === undefined ? join(tenantId, 'throttle') : join(tenantId, 'throttle', connectionId),
    sk: 'throttle',
  }),
  inHand: (tenantId: string): Key => ({ pk: join(tenantId, 'in-hand'), sk: 'in-hand' }),
  /** Beside the connection, so that one query reads both. */
  cursor: (tenantId: string, connectionId: string, side: Side, table: string): Key => ({
    pk: join(tenantId, 'connection', connectionId),
    sk: join('cursor', side, table),
  }),
  /** Where an earlier version stored it. */
  formerCursor: (tenantId: string, connectionId: string, side: Side, table: string): Key => ({
    pk: join(tenantId, 'cursors', connectionId),
    sk: join(side, table),
  }),
  /** For many: what their keys have in common is joined once. */
  linkOf: (tenantId: string): ((linkId: string) => Key) => {
    const common = join(tenantId, 'link');
    return (linkId) => ({ pk: `${common}#${encoded(linkId)}`, sk: 'link' });
  },
  /** What stands beside a link because it is too large to be carried about with it, in parts. */
  besideLink: (tenantId: string, linkId: string, what: 'intent' | 'values', part: number): Key => ({
    pk: join(tenantId, 'link', linkId),
    sk: sortKeys.besideLink(what, part),
  }),
  change: (tenantId: string, linkId: string, at: string, changeId: string): Key => ({
    pk: join(tenantId, 'link', linkId),
    sk: join('change', at, changeId),
  }),
  /** Without the time: the same dry run writes the same item again. */
  plannedChange: (tenantId: string, linkId: string, runId: string, changeId: string): Key => ({
    pk: join(tenantId, 'link', linkId),
    sk: join('planned', runId, changeId),
  }),
  /** As above. */
  claimOf: ({ tenantId, connectionId, side, table }: RecordTable): ((recordKey: string) => Key) => {
    const common = join(tenantId, 'claim', connectionId, side, table);
    return (recordKey) => ({ pk: `${common}#${encoded(recordKey)}`, sk: 'claim' });
  },
  crmRecord: (tenantId: string, crmTable: string, crmKey: string): Key => ({
    pk: join(tenantId, 'crm-record', crmTable, crmKey),
    sk: 'crm-record',
  }),
  due: (tenantId: string, connectionId: string, linkId: string): Key => ({
    pk: join(tenantId, 'due', connectionId, shardOf(linkId, partitionShards)),
    sk: join(linkId),
  }),
  waiting: (tenantId: string, connectionId: string, linkId: string): Key => ({
    pk: join(tenantId, 'waiting', connectionId, shardOf(linkId, partitionShards)),
    sk: join(linkId),
  }),
  signInAccount: (tenantId: string, account: string): Key => ({
    pk: join(tenantId, 'sign-in', account),
    sk: 'account',
  }),
  signInSecret: (tenantId: string, account: string, secret: string): Key => ({
    pk: join(tenantId, 'sign-in', account),
    sk: join('secret', secret),
  }),
  signInTurn: (tenantId: string, account: string): Key => ({
    pk: join(tenantId, 'sign-in', account),
    sk: 'turn',
  }),
  failure: (tenantId: string, failureId: string): Key => ({ pk: join(tenantId, 'failure', failureId), sk: 'failure' }),
  run: (tenantId: string, runId: string): Key => ({ pk: join(tenantId, 'run', runId), sk: 'run' }),
  /** Beside the run whose mapping it is. */
  proposal: (tenantId: string, runId: string): Key => ({ pk: join(tenantId, 'run', runId), sk: 'proposal' }),
  proposalExamples: (tenantId: string, runId: string): Key => ({ pk: join(tenantId, 'run', runId), sk: 'examples' }),
  /** Says that a dry run has counted a link. */
  planned: (tenantId: string, runId: string, linkId: string): Key => ({
    pk: join(tenantId, 'planned', runId, linkId),
    sk: 'planned',
  }),
  /** What a link came to in its chunk; each chunk has a partition of its own. */
  result: (tenantId: string, runId: string, chunkId: string, linkId: string): Key => ({
    pk: partitions.results(tenantId, runId, chunkId),
    sk: join('link', linkId),
  }),
  /** What a turn at a chunk found of links that have no record. */
  findings: (tenantId: string, runId: string, chunkId: string, holder: string): Key => ({
    pk: partitions.results(tenantId, runId, chunkId),
    sk: join('turn', holder),
  }),
  chunk: (tenantId: string, runId: string, chunkId: string): Key => ({
    pk: join(tenantId, 'run', runId),
    sk: join('chunk', chunkId),
  }),
  /** Says that a chunk was not sent yet. */
  unsent: (tenantId: string, runId: string, chunkId: string): Key => ({
    pk: join(tenantId, 'run', runId),
    sk: join('unsent', chunkId),
  }),
  slot: (tenantId: string, connectionId: string, slot: string): Key => ({
    pk: join(tenantId, 'slot', connectionId),
    sk: join(slot),
  }),
  /** Counts of what is limited by the minute; `window`: which minute since 1970. */
  rate: (tenantId: string, kind: RateKind, window: number): Key => ({
    pk: join(tenantId, 'rate', kind),
    sk: join(window),
  }),
  idempotency: (tenantId: string, key: string): Key => ({
    pk: join(tenantId, 'idempotency', key),
    sk: 'idempotency',
  }),
};

/** Partition keys that are queried: of the table itself and of its indexes. */
export const partitions = {
  apiKeys: (tenantId: string) => join(tenantId, 'api-keys'),
  audit: (tenantId: string) => join(tenantId, 'audit'),
  mappingVersions: (tenantId: string, connectionId: string) => join(tenantId, 'mapping-versions', connectionId),
  fieldMetadata: (tenantId: string, connectionId: string) => join(tenantId, 'field-metadata', connectionId),
  connectors: (tenantId: string) => join(tenantId, 'connectors'),
  connectionEntries: (tenantId: string) => join(tenantId, 'connections'),
  connection: (tenantId: string, connectionId: string) => join(tenantId, 'connection', connectionId),
  due: (tenantId: string, connectionId: string) =>
    everyShard(partitionShards, (shard) => join(tenantId, 'due', connectionId, shard)),
  waiting: (tenantId: string, connectionId: string) =>
    everyShard(partitionShards, (shard) => join(tenantId, 'waiting', connectionId, shard)),
  changesOfLink: (tenantId: string, linkId: string) => join(tenantId, 'link', linkId),
  /** What a tenant has beside itself, its keys and what hangs on its connections. */
  besideTenant: (tenantId: string): string[] => [
    ...['connectors', 'connections', 'throttle', 'in-hand', 'audit', 'file-turn', 'names'].map((what) =>
      join(tenantId, what),
    ),
    ...rateKinds.map((kind) => join(tenantId, 'rate', kind)),
  ],
  /** What hangs on a connection beside its own partition, links, runs and failures; those of an earlier version too. */
  besideConnection: (tenantId: string, connectionId: string): string[] => [
    ...['mapping-versions', 'field-metadata', 'cursors', 'activity', 'summary', 'throttle', 'slot'].map((what) =>
      join(tenantId, what, connectionId),
    ),
    ...everyShard(counterShards, (shard) => join(tenantId, 'summary', connectionId, shard)),
    ...['due', 'waiting'].flatMap((what) =>
      everyShard(partitionShards, (shard) => join(tenantId, what, connectionId, shard)),
    ),
  ],
  slots: (tenantId: string, connectionId: string) => join(tenantId, 'slot', connectionId),
  chunks: (tenantId: string, runId: string) => join(tenantId, 'run', runId),
  results: (tenantId: string, runId: string, chunkId: string) => join(tenantId, 'results', runId, chunkId),
};

/** Index attributes: sparse, an item without them is not in the index. */
export type IndexKeys = Readonly<
  Partial<Record<'gsi1pk' | 'gsi1sk' | 'gsi2pk' | 'gsi2sk' | 'gsi3pk' | 'gsi3sk', string>>
>;

export const indexPartitions = {
  /** gsi1 */
  linksOfCrmRecord: (tenantId: string, crmTable: string, crmKey: string) =>
    join(tenantId, 'links-of-crm-record', crmTable, crmKey),
  /** gsi2 */
  linksByState: (tenantId: string, connectionId: string, state: LinkState) =>
    everyShard(partitionShards, (shard) => join(tenantId, 'links-by-state', connectionId, state, shard)),
  linkByState: (tenantId: string, connectionId: string, state: LinkState, linkId: string) =>
    join(tenantId, 'links-by-state', connectionId, state, shardOf(linkId, partitionShards)),
  /** gsi3 */
  links: (tenantId: string, connectionId: string) =>
    everyShard(partitionShards, (shard) => join(tenantId, 'links', connectionId, shard)),
  link: (tenantId: string, connectionId: string, linkId: string) =>
    join(tenantId, 'links', connectionId, shardOf(linkId, partitionShards)),
  /** gsi1 */
  changesOfConnection: (tenantId: string, connectionId: string) =>
    everyLogShard(tenantId, 'changes-of-connection', connectionId),
  changeOfConnection: (tenantId: string, connectionId: string, linkId: string) =>
    join(tenantId, 'changes-of-connection', connectionId, shardOf(linkId, logShards)),
  /** gsi2 */
  changesOfRun: (tenantId: string, runId: string) => everyLogShard(tenantId, 'changes-of-run', runId),
  changeOfRun: (tenantId: string, runId: string, linkId: string) =>
    join(tenantId, 'changes-of-run', runId, shardOf(linkId, logShards)),
  /** gsi1 */
  auditOf: (tenantId: string, kind: AuditSubject, id: string) => join(tenantId, 'audit-of', kind, id),
  /** gsi1 */
  failures: (tenantId: string) => join(tenantId, 'failures'),
  /** gsi2 */
  failuresOfConnection: (tenantId: string, connectionId: string) =>
    join(tenantId, 'failures-of-connection', connectionId),
  /** gsi3 */
  failuresOfLink: (tenantId: string, linkId: string) => join(tenantId, 'failures-of-link', linkId),
  /** gsi1 */
  runs: (tenantId: string) => join(tenantId, 'runs'),
  /** gsi2 */
  runsOfConnection: (tenantId: string, connectionId: string) => join(tenantId, 'runs-of-connection', connectionId),
  /** gsi3 */
  unfinishedRuns: (tenantId: string, connectionId: string) => join(tenantId, 'unfinished-runs', connectionId),
};

export const sortKeys = {
  link: (actorType: string, linkId: string) => join(actorType, linkId),
  /** The index yields it, so that the links of a record are known with their connections. */
  ofCrmRecord: (linkId: string, connectionId: string) => join(linkId, connectionId),
  linkPrefix: (actorType: string) => `${join(actorType)}#`,
  byTime: (at: string, id: string) => join(at, id),
  /** Inclusive bounds of `byTime`, for instants; open ends where one is missing. */
  timeRange: (from: string | undefined, to: string | undefined): readonly [string, string] => [
    from === undefined ? ' ' : join(from),
    to === undefined ? afterAll : `${join(to)}#${afterAll}`,
  ],
  besideLink: (what: 'intent' | 'values', part: number) => join(what, part),
  changePrefix: 'change#',
  versionPrefix: (actorType: string) => `${join(actorType)}#`,
  chunkPrefix: (ids: string) => `chunk#${encodeURIComponent(ids)}`,
  unsentPrefix: (ids: string) => `unsent#${encodeURIComponent(ids)}`,
  id: (id: string) => join(id),
};
