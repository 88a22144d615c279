/**
 * Erases what is stored of a CRM record: in its links, their failures and their log. Always true: a link is erased, and its
 * look in hand superseded, before its log is, so that nothing is logged anew behind; the entry of the trail is written with
 * the first link and has ids only. A crash leaves a log that has values yet: the same request erases what is left. Attacked
 * by test/features/links/erase-record.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import type { CrmType } from '../../core/model/actor-type.ts';
import type { Link } from '../../core/model/link.ts';
import type { Trail } from '../../ports/audit.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';
import { mostTries } from './link-life.ts';
import { crmTableOf } from './list-links.ts';

const pageSize = 100;
/** What is left then is done by the next request: API Gateway gives up after 30 s. */
const mostMs = 20_000;

export interface Erased {
  readonly links: number;
  readonly changes: number;
  readonly failures: number;
  readonly conflicts: number;
  /** False: more than fits one request; the same request goes on. */
  readonly complete: boolean;
}

/** Those that join the record now are read consistently, those that did through an index. */
async function linkIdsOf(app: Application, tenantId: string, crmType: CrmType, crmKey: string): Promise<string[]> {
  const table = await crmTableOf(app, tenantId, crmType);
  if (table === undefined) return [];
  const [record, listed] = await Promise.all([
    app.links.crmRecords(tenantId, table, [crmKey]),
    app.links.ofCrmRecord(tenantId, table, crmKey),
  ]);
  const joined = (record.get(crmKey)?.links ?? []).map(({ linkId }) => linkId);
  return [...new Set([...joined, ...listed.map(({ id }) => id)])];
}

/** The link as it was, unless it is erased already or gone. */
async function eraseLink(app: Application, tenantId: string, linkId: string, trail: Trail): Promise<Link | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const link = await app.links.get(tenantId, linkId);
    if (!link || (link.erasedAt !== undefined && link.state === 'disconnected')) return undefined;
    if (link.intent && app.runtime.nowMs() < link.intent.expiresAtMs) {
      throw new SyncError('conflict', `The link ${linkId} is being written at this moment: try again in a minute.`);
    }
    if ((await app.links.erase(link, app.runtime.now(), trail)) === 'erased') return link;
  }
  throw new SyncError('stale', `The link ${linkId} is being changed all the time: try again.`);
}

export async function eraseRecord(
  app: Application,
  caller: Caller,
  { crmType, crmKey }: { readonly crmType: CrmType; readonly crmKey: string },
): Promise<Erased> {
  const { tenantId } = caller;
  const untilMs = app.runtime.nowMs() + mostMs;
  const subject = { kind: 'crm-record', id: `${crmType}/${crmKey}` } as const;
  let trail = trailOf(app.runtime, caller, { act: 'crm-record.erase', subject, after: { erased: true } });
  const erased = { links: 0, changes: 0, failures: 0, conflicts: 0 };
  for (const linkId of await linkIdsOf(app, tenantId, crmType, crmKey)) {
    const before = await eraseLink(app, tenantId, linkId, trail);
    if (before) {
      trail = [];
      erased.links += 1;
      erased.failures += before.openFailures.length;
      erased.conflicts += Object.values(before.fieldStates).filter(({ held }) => held !== undefined).length;
    }
    let cursor: string | undefined;
    do {
      if (app.runtime.nowMs() > untilMs) return { ...erased, complete: false };
      const page = await app.changeLog.erase(tenantId, linkId, { limit: pageSize, cursor });
      erased.changes += page.erased;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return { ...erased, complete: true };
}
