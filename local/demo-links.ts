import { batches } from '../functions/core/batches.ts';
import type { ApiClient } from './api-client.ts';
import type { Pair } from './demo-records.ts';
import type { Side } from './side.ts';
import type { Tell } from './tell.ts';

const PAIRS_AT_ONCE = 100;

/** A value; items of lists have a text too. */
interface Shown {
  value: unknown;
  text?: string;
}

interface Preview {
  items: {
    refusal?: { reason: string };
    fields: {
      erpField: string;
      crmField: string;
      erp: Shown;
      crm: Shown;
      differs: boolean;
      decidedBy?: string;
      fingerprint: string;
    }[];
  }[];
}

interface Connected {
  runId: string;
  items: { result: 'connected' | 'refused' }[];
}

export interface Linked {
  runIds: string[];
  links: number;
  /** Fields whose values differed. */
  differing: number;
  /** Fields that both sides filled, and not alike: decided by the person who linked, or left to the policy. */
  chosen: number;
  leftToPolicy: number;
  /** Fields that both sides write in another way, and mean the same. */
  alike: number;
}

/** Which side a person would keep, of fields that both sides fill differently; the policy decides about the others. */
const keeps: Readonly<Record<string, Side>> = { NAME: 'erp', EMAIL: 'crm' };

/** Links pairs in bulk: compares them field by field, chooses where it is plain, or always the side given, and connects. */
export async function linkPairs(
  api: ApiClient,
  connectionId: string,
  pairs: Pair[],
  tell: Tell,
  keep?: Side,
): Promise<Linked> {
  const linked: Linked = { runIds: [], links: 0, differing: 0, chosen: 0, leftToPolicy: 0, alike: 0 };
  for (const batch of batches(pairs, PAIRS_AT_ONCE)) {
    const preview = await api.post<Preview>('/v1/links/preview', { connectionId, pairs: batch });
    const chosen = batch.map((pair, at) => ({ ...pair, choices: choicesOf(preview.items[at], linked, keep) }));
    const { runId, items } = await api.post<Connected>('/v1/links', { connectionId, pairs: chosen });
    linked.runIds.push(runId);
    linked.links += items.filter(({ result }) => result === 'connected').length;
    tell.progress(`${linked.links} of ${pairs.length} pairs are compared and linked`);
  }
  return linked;
}

function choicesOf(item: Preview['items'][number] | undefined, linked: Linked, always: Side | undefined) {
  const differing = item?.fields.filter((field) => field.differs) ?? [];
  const clashes = differing.filter(({ decidedBy }) => decidedBy !== undefined && decidedBy !== 'one-way');
  const choices = clashes.flatMap(({ erpField, crmField, fingerprint }) => {
    const keep = always ?? keeps[erpField];
    return keep ? [{ erpField, crmField, keep, fingerprint }] : [];
  });
  linked.alike += item?.fields.filter(isAlike).length ?? 0;
  linked.differing += differing.length;
  linked.chosen += choices.length;
  linked.leftToPolicy += clashes.length - choices.length;
  return choices;
}

function isAlike({ differs, erp, crm }: { differs: boolean; erp: Shown; crm: Shown }): boolean {
  return !differs && erp.text === undefined && erp.value !== crm.value;
}
