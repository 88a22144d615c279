import { changesBetween } from '../../core/audit/changes-between.ts';
import type { AuditAct, AuditEntry, SetUpChange } from '../../core/model/audit.ts';
import { packsOf } from '../../core/packs.ts';
import type { Trail } from '../../ports/audit.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Caller } from '../api-keys/authenticate.ts';

/** Bytes of one entry's changes: an item takes 100 KB with all else in it. */
const mostBytes = 60_000;

type State = Readonly<Record<string, unknown>>;

export interface Act {
  readonly act: AuditAct;
  readonly subject: AuditEntry['subject'];
  readonly before?: State | undefined;
  readonly after?: State | undefined;
  /** How deep objects are followed; default 2. */
  readonly depth?: number;
}

/**
 * Whose act it is: a caller, whoever has the stage's own credentials, somebody who did not get in, or nobody:
 * its time had come.
 */
export type By =
  | Caller
  | { readonly operatorOf: string }
  | { readonly systemOf: string }
  | { readonly somebodyOf: string; readonly from?: string | undefined };

/** Who that is, as it is told. */
export function whoOf(by: By): Pick<AuditEntry, 'tenantId' | 'by' | 'from'> {
  if ('operatorOf' in by) return { tenantId: by.operatorOf, by: { kind: 'operator' } };
  if ('systemOf' in by) return { tenantId: by.systemOf, by: { kind: 'system' } };
  if ('somebodyOf' in by) return { tenantId: by.somebodyOf, by: { kind: 'user' }, from: by.from };
  const { tenantId, caller, name, user, from } = by;
  return { tenantId, by: user ? { kind: 'user', id: user.id, name } : { kind: 'api-key', id: caller, name }, from };
}

/** The trail of an act; an act that changes nothing leaves none, but for those that are told by themselves. */
export function trailOf(
  runtime: Pick<Runtime, 'now' | 'newId'>,
  by: By,
  { act, subject, before, after, depth }: Act,
): Trail {
  const packs: SetUpChange[][] = packsOf(changesBetween(before, after, depth), mostBytes);
  return packs.map((changes, at) => ({
    ...whoOf(by),
    id: runtime.newId(),
    at: runtime.now(),
    act,
    subject,
    changes,
    ...(packs.length > 1 && { part: { number: at + 1, of: packs.length } }),
  }));
}
