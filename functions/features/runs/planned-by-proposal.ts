import { type FieldChange, plannedChangeId } from '../../core/model/field-change.ts';
import { fieldKey } from '../../core/model/link.ts';
import { tallies, talliesOfFields } from '../../core/model/proposal.ts';
import type { Run } from '../../core/model/run.ts';
import type { Side } from '../../core/model/side.ts';
import type { Application } from '../application.ts';

interface FieldOfProposal {
  readonly erpField: string;
  readonly crmField: string;
  /** Records of which the field would be written, or refused. */
  readonly records: number;
}

/** What a proposed mapping would do, by field; in the order of its rows. */
export interface PlannedByProposal {
  readonly records: Readonly<Record<Side, number>>;
  readonly wouldPause: number;
  readonly wouldResume: number;
  readonly fields: readonly (FieldOfProposal & { readonly side: Side; readonly examples: readonly FieldChange[] })[];
  readonly refused: readonly (FieldOfProposal & { readonly reason: string })[];
}

type StoredProposal = NonNullable<Awaited<ReturnType<Application['proposals']['withExamples']>>>;

/** Nothing of a run without a proposal. */
export async function storedProposal(app: Application, run: Run): Promise<StoredProposal | undefined> {
  return run.proposed ? app.proposals.withExamples({ tenantId: run.tenantId, runId: run.id }) : undefined;
}

/** Of the run as it stands: one call, for the examples. */
export async function plannedByProposal(
  app: Application,
  run: Run,
  stored: StoredProposal,
): Promise<PlannedByProposal> {
  const ref = { tenantId: run.tenantId, runId: run.id };
  const { fields: rows } = stored.proposal.mapping;
  const named = stored.examples.flatMap(({ row, linkId }) => {
    const mapped = rows[row];
    return mapped ? [{ linkId, id: plannedChangeId(run.id, linkId, fieldKey(mapped)) }] : [];
  });
  const examples = Map.groupBy(await app.changeLog.getPlanned(ref, named), fieldKey);
  const counted = run.tallies ?? {};
  const ofFields = talliesOfFields(counted).flatMap((tally) => {
    const mapped = rows[tally.row];
    return mapped ? [{ ...tally, erpField: mapped.erpField, crmField: mapped.crmField }] : [];
  });
  const inOrder = ofFields.toSorted((one, other) => one.row - other.row);
  return {
    records: { crm: counted[tallies.records('crm')] ?? 0, erp: counted[tallies.records('erp')] ?? 0 },
    wouldPause: counted[tallies.pause] ?? 0,
    wouldResume: counted[tallies.resume] ?? 0,
    fields: inOrder.flatMap((tally) => {
      if (!('side' in tally)) return [];
      const { erpField, crmField, side, records } = tally;
      const own = (examples.get(fieldKey(tally)) ?? []).filter((change) => change.side === side);
      return [{ erpField, crmField, side, records, examples: own }];
    }),
    refused: inOrder.flatMap((tally) => {
      if (!('reason' in tally)) return [];
      const { erpField, crmField, reason, records } = tally;
      return [{ erpField, crmField, reason, records }];
    }),
  };
}
