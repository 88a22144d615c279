/**
 * Always true: a proposal lies in its run's partition, apart from the run, and is never changed. Examples are ids of links
 * alone: what they are examples of lies with their link. Each write is one put or update, so a crash leaves all of it or
 * nothing. Attacked by test/contract/stores-proposals-suite.ts.
 */
import { Proposal } from '../../../../core/model/proposal.ts';
import type { ExampleAt, Proposals } from '../../../../ports/proposals.ts';
import type { Item, Table } from '../../../../ports/table.ts';
import { expiryAfter, type RetentionDays } from '../set-up/retention.ts';
import { keys } from '../table/keys.ts';
import { readItem, storedItem } from '../table/stored-item.ts';
import { unendedLifeMs } from './run-items.ts';

const type = 'proposal';
const examplesType = 'proposal-examples';
const ofExample = /^example-(\d+)-(\d+)$/;

function examplesIn(item: Item | undefined): ExampleAt[] {
  return Object.entries(item ?? {}).flatMap(([name, linkId]) => {
    const [, row, slot] = ofExample.exec(name) ?? [];
    return row === undefined || typeof linkId !== 'string' ? [] : [{ row: Number(row), slot: Number(slot), linkId }];
  });
}

export function proposalsStore(parts: { readonly table: Table; readonly retentionDays: RetentionDays }): Proposals {
  const { table, retentionDays } = parts;
  const read = (item: Item) => readItem(type, Proposal, item);
  /** Not before its run goes: that is kept for as long as it may take, and the retention after its end. */
  const expiry = async (tenantId: string, at: string) => expiryAfter(at, await retentionDays(tenantId)) + unendedLifeMs;
  return {
    async put(proposal, at) {
      const key = keys.proposal(proposal.tenantId, proposal.runId);
      const expiresAtMs = await expiry(proposal.tenantId, at);
      await table.write({ put: storedItem({ type, key, expiresAtMs }, proposal) });
    },
    async get({ tenantId, runId }) {
      const item = await table.get(keys.proposal(tenantId, runId));
      return item && read(item);
    },
    async withExamples({ tenantId, runId }) {
      const items = await table.getMany([keys.proposal(tenantId, runId), keys.proposalExamples(tenantId, runId)]);
      const proposal = items.find((item) => item.type === type);
      const examples = examplesIn(items.find((item) => item.type === examplesType));
      return proposal && { proposal: read(proposal), examples };
    },
    async noteExamples({ tenantId, runId }, examples, at) {
      const named = examples.map(({ row, slot, linkId }) => [`example-${row}-${slot}`, linkId]);
      await table.write({
        update: keys.proposalExamples(tenantId, runId),
        set: {
          type: examplesType,
          v: 1,
          expires: Math.ceil((await expiry(tenantId, at)) / 1000),
          ...Object.fromEntries(named),
        },
      });
    },
  };
}
