import { expect, test } from 'vitest';
import { changeLogStore } from '../../functions/adapters/aws/dynamodb/links/change-log.ts';
import { proposalsStore } from '../../functions/adapters/aws/dynamodb/runs/proposals.ts';
import { runsStore } from '../../functions/adapters/aws/dynamodb/runs/runs.ts';
import { keys } from '../../functions/adapters/aws/dynamodb/table/keys.ts';
import type { Proposal } from '../../functions/core/model/proposal.ts';
import type { Table } from '../../functions/ports/table.ts';
import { aChange, aChunk, aLink, aRun, at } from './stores-fixtures.ts';

const row = (erpField: string, table: string) => ({
  ...{ erpField, crmField: erpField, direction: 'toCrm', showInSearch: false, showInErpTab: false },
  transform: { kind: 'prefix', text: table },
});

/** Mappings that are tried. */
export function proposalsSuite(on: string, tableOf: () => Table): void {
  const retentionDays = async () => 10;
  const storesOf = () => {
    const table = tableOf();
    return {
      proposals: proposalsStore({ table, retentionDays }),
      runs: runsStore({ table, runtime: { now: () => at }, retentionDays }),
      log: changeLogStore({ table, retentionDays }),
    };
  };
  const proposed = () => aRun({ kind: 'compare', dryRun: true, proposed: true, chains: {} });
  const proposalOf = ({ tenantId, id }: ReturnType<typeof aRun>, mapping: unknown = { active: true, fields: [] }) =>
    ({ tenantId, runId: id, actorType: 'customer', mapping }) as Proposal;

  test(`a proposal lies beside its run, as large as a mapping may be, and is cleaned up no sooner (${on})`, async () => {
    const { proposals, runs } = storesOf();
    const run = proposed();
    const of = { tenantId: run.tenantId, runId: run.id };
    await runs.create(run, []);
    expect(await proposals.get(of)).toBeUndefined();
    expect(await proposals.withExamples(of)).toBeUndefined();
    const fields = Array.from({ length: 80 }, (_, place) => row(`${'f'.repeat(98)}${place}`, 'x'.repeat(50)));
    const proposal = proposalOf(run, { active: true, fields });
    await proposals.put(proposal, at);
    expect(await proposals.get(of)).toEqual(proposal);
    expect(await runs.get(run.tenantId, run.id)).toMatchObject({ proposed: true, open: 0 });
    expect(await runs.openChunks(run.tenantId, run.id)).toEqual([]);
    const table = tableOf();
    const [ofRun, ofProposal] = await Promise.all([
      table.get(keys.run(run.tenantId, run.id)),
      table.get(keys.proposal(run.tenantId, run.id)),
    ]);
    expect(Number(ofProposal?.expires)).toBeGreaterThanOrEqual(Number(ofRun?.expires));
    const huge = Array.from({ length: 80 }, () => ({ ...row('f', 'x'), constant: 'x'.repeat(4000) }));
    await expect(proposals.put(proposalOf(run, { active: true, fields: huge }), at)).rejects.toMatchObject({
      kind: 'too-large',
    });
  });

  test(`of a field the last example of a place counts, whoever named it (${on})`, async () => {
    const { proposals } = storesOf();
    const run = proposed();
    const of = { tenantId: run.tenantId, runId: run.id };
    await proposals.put(proposalOf(run), at);
    await proposals.noteExamples(of, [{ row: 0, slot: 0, linkId: 'l1' }], at);
    const second = [0, 1].map((slot) => ({ row: 12, slot, linkId: `l${slot}` }));
    await proposals.noteExamples(of, [...second, { row: 0, slot: 0, linkId: 'l9' }], at);
    const { examples = [] } = (await proposals.withExamples(of)) ?? {};
    expect(examples.toSorted((one, other) => one.row - other.row || one.slot - other.slot)).toEqual([
      { row: 0, slot: 0, linkId: 'l9' },
      ...second,
    ]);
  });

  test(`tallies come to the run once a link, however often it is counted (${on})`, async () => {
    const { runs } = storesOf();
    const run = proposed();
    const [one, two] = [aChunk(run, 'k1', ['l1', 'l2']), aChunk(run, 'k2', ['l2'])];
    await runs.create(run, [one, two]);
    const result = { lookedAt: 1, changed: 1 };
    await runs.addFirstResult(one, 'l1', result, { 'write-0-crm': 1 });
    for (const chunk of [one, two, one]) {
      await runs.addFirstResult(chunk, 'l2', result, { 'write-0-crm': 1, pause: 1 });
    }
    expect((await runs.get(run.tenantId, run.id))?.tallies).toBeUndefined();
    for (const chunk of [one, two, one]) await runs.closeChunk(run.tenantId, run.id, chunk.id);
    const { tallies, counters } = (await runs.get(run.tenantId, run.id)) ?? {};
    expect(tallies).toEqual({ 'write-0-crm': 2, pause: 1 });
    expect(counters).toMatchObject({ lookedAt: 2, changed: 2 });
  });

  test(`planned changes are found by run, link and id, made ones never (${on})`, async () => {
    const { log } = storesOf();
    const link = aLink();
    const planned = aChange(link, { runId: 'dry', outcome: 'planned' });
    await log.putPlanned([planned]);
    const { linkId, id } = planned;
    const of = (runId: string) => ({ tenantId: link.tenantId, runId });
    expect(
      await log.getPlanned(of('dry'), [
        { linkId, id },
        { linkId, id: 'other' },
      ]),
    ).toEqual([planned]);
    expect(await log.getPlanned(of('other'), [{ linkId, id }])).toEqual([]);
    expect(await log.getPlanned(of('dry'), [])).toEqual([]);
  });
}
