/**
 * What of that which a user reaches the CRM shows to them. Always true: what is about a record that is hidden from the user
 * is like what does not exist, and is left out of lists; the CRM is asked for nothing that is out of reach by scope. It
 * reads only. Attacked by test/features/access/sight.test.ts.
 */
import type { LinkHead } from '../../core/model/link.ts';
import type { Run } from '../../core/model/run.ts';
import type { CrmRecordName } from '../../ports/record-sight.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { inSight } from './in-sight.ts';

/** The record that a link is about; of one that was merged that which took its place: the CRM has no other any more. */
function recordOf({ ends: { crm }, stateReason, mergedInto }: LinkHead): CrmRecordName {
  const isMerged = stateReason === 'crm-record-merged' && mergedInto !== undefined;
  return { crmType: crm.type, crmKey: isMerged ? mergedInto : crm.key };
}

/**
 * Those of the links that are about records in sight. `named`: the record by which they were asked for, which is asked of
 * whether it has links or not, so that no answer tells.
 */
export async function linksInSight(
  app: Application,
  caller: Caller,
  links: readonly LinkHead[],
  named?: CrmRecordName,
): Promise<LinkHead[]> {
  const sees = await inSight(app, caller, [...links.map(recordOf), ...(named ? [named] : [])]);
  return named && !sees(named) ? [] : links.filter((link) => sees(recordOf(link)));
}

/** A run that a user started, with the links that it names as they are now. */
export interface OwnRun {
  readonly run: Run;
  readonly links: readonly LinkHead[];
}

/** Whether all that a run was asked to cover is in sight, as far as it is named. */
export async function isRunInSight(app: Application, caller: Caller, { run, links }: OwnRun): Promise<boolean> {
  const { scope } = run;
  if (scope.kind === 'crm-record') return (await inSight(app, caller, [scope]))(scope);
  if (scope.kind !== 'links') return true;
  return (await linksInSight(app, caller, links)).length === new Set(scope.linkIds).size;
}
