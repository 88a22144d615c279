/**
 * Who wins a conflict. Always true: a record's time decides only where it can be the clashing edit's own (nothing else
 * changed on that side, and not by us), and two times closer than the clocks can tell decide nothing. Attacked by
 * test/core/merge/policy.test.ts.
 */
import * as z from 'zod';
import type { BySide } from '../model/by-side.ts';
import type { Side } from '../model/side.ts';

/** Who wins when both sides changed a field differently: `latest-wins` falls back where the times cannot tell, `ask` lets a person decide. */
export const ConflictPolicy = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('crm-wins') }).meta({ id: 'CrmWins', description: "The CRM's value is kept." }),
    z.strictObject({ kind: z.literal('erp-wins') }).meta({ id: 'ErpWins', description: "The ERP's value is kept." }),
    z
      .strictObject({ kind: z.literal('ask') })
      .meta({ id: 'AskPerson', description: 'Both stay until a person decides (`/v1/conflicts`).' }),
    z
      .strictObject({
        kind: z.literal('latest-wins'),
        fallback: z.enum(['crm', 'erp']).describe('Who wins where the times cannot tell.'),
      })
      .meta({ id: 'LatestWins', description: 'The later edit is kept.' }),
  ])
  .meta({
    id: 'ConflictPolicy',
    description: 'Who wins where both sides changed a field differently.',
    examples: [{ kind: 'latest-wins', fallback: 'crm' }],
  });
export type ConflictPolicy = z.infer<typeof ConflictPolicy>;

export interface SideTime {
  /** By our clock, milliseconds since 1970. */
  readonly changedAtMs: number;
  readonly lastWriterIsUs: boolean;
  /** That it is the time of a person's edit of a mapped field; where nobody can tell, it counts and the log says so. */
  readonly sure: boolean;
}

export interface PolicyQuestion {
  readonly policy: ConflictPolicy;
  readonly times: BySide<SideTime | undefined>;
  readonly resolutionMs: BySide<number>;
  /** The clashing fields are all that changed on that side since last agreed. */
  readonly onlyClashes: BySide<boolean>;
  readonly hasBase: boolean;
}

/** Clocks of two servers may differ by so much without anyone noticing. */
const clockSlackMs = 2_000;

/** The side whose value is kept, and what decided it. A record's time counts only where it can be the clashing edit's own time. */
export function decidePolicy(question: PolicyQuestion): { winner: Side; policy: string } | 'ask' {
  const { policy, times, resolutionMs, onlyClashes } = question;
  if (policy.kind === 'ask') return 'ask';
  if (policy.kind === 'crm-wins') return { winner: 'crm', policy: 'crm-wins' };
  if (policy.kind === 'erp-wins') return { winner: 'erp', policy: 'erp-wins' };
  const fallback = { winner: policy.fallback, policy: `latest-wins-fallback-${policy.fallback}` };
  const { crm, erp } = times;
  if (!question.hasBase || !crm || !erp || !onlyClashes.crm || !onlyClashes.erp) return fallback;
  if (crm.lastWriterIsUs || erp.lastWriterIsUs) return fallback;
  const apartMs = Math.abs(crm.changedAtMs - erp.changedAtMs);
  if (apartMs <= Math.max(resolutionMs.crm, resolutionMs.erp) + clockSlackMs) return fallback;
  const latest = crm.sure && erp.sure ? 'latest-wins' : 'latest-wins-unsure';
  return { winner: crm.changedAtMs > erp.changedAtMs ? 'crm' : 'erp', policy: latest };
}
