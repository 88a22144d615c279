/**
 * Writes that a system refuses link after link are rationed. Always true: once as many links as the allowance of a day has
 * were refused the same field (or, of records that nobody lets us write, anything), no message that begins after that sends
 * it, but one link an hour that tries for all, of each field; a write that is taken lifts the brake. Refusals count where at
 * least half of what a message sent was refused, so faulty records among many are none. The brake is set as soon as this is
 * found. A crash before it leaves marks, and the next refusal sets it. Attacked by test/sync/brake-refusals.test.ts.
 */

import { asSyncError } from '../../core/errors.ts';
import type { FieldPlan } from '../../core/merge/field-plan.ts';
import type { SideAnswer } from '../../core/merge/side-answer.ts';
import { type Brake, limitOf, type RefusedScope } from '../../core/model/brake.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import { type Side, sides } from '../../core/model/side.ts';
import { again, type RoundVerdict } from '../look/link-verdict.ts';
import type { Look } from '../look/look.ts';
import type { PlannedLink } from '../look/plan-read.ts';
import type { ActVerdict } from './act-verdict.ts';
import { failureOfBrake } from './failure-of-brake.ts';
import type { Guarded } from './guarded.ts';
import { scopeName } from './refusal-tally.ts';
import { ruled } from './ruled.ts';
import { takeAct } from './take-act.ts';

const mostTries = 3;

function covers(scope: RefusedScope, link: Link, { field, write }: FieldPlan): boolean {
  const isThere = scope.side === write?.side && scope.actorType === link.ends.erp.type;
  return isThere && (scope.field === undefined || scope.field === field);
}

function isAmong(scopes: readonly RefusedScope[], scope: RefusedScope): boolean {
  return scopes.some((one) => scopeName(one) === scopeName(scope));
}

function refusalsOf(brakes: readonly Brake[]): Brake | undefined {
  return brakes.find(({ kind }) => kind === 'refusals');
}

/** What is refused link after link, as far as this message knows. */
function standing({ context, facts }: Look): RefusedScope[] {
  const { refusing, taken } = facts.refusals;
  const known = [...(refusalsOf(context.setup.brakes)?.refused ?? []), ...refusing];
  return known.filter((scope) => !isAmong(taken, scope));
}

/** Nobody lets us write records of its type, as far as this message knows, whatever is written there. */
export function isTypeRefused(look: Look, { ends }: Link): boolean {
  return standing(look).some(({ field, actorType }) => field === undefined && actorType === ends.erp.type);
}

/** One link an hour tries a scope for all; those of its message wait for what it meets. */
async function tryForAll(
  { engine, facts: { refusals } }: Look,
  { tenantId, connectionId, id }: Link,
  scope: RefusedScope,
): Promise<ActVerdict | 'again'> {
  const name = scopeName(scope);
  const of = `try.${engine.runtime.now().slice(0, 13)}.${name}`;
  const asked =
    refusals.triers.get(name) ??
    engine.brakes
      .take({ tenantId, connectionId, kind: 'refusals', of }, id, 1)
      .then((taken) => (taken ? id : undefined));
  refusals.triers.set(name, asked);
  const trier = await asked;
  if (trier === id) return 'taken';
  return trier === undefined || refusals.tried.has(name) ? 'braked' : 'again';
}

async function verdictOn(look: Look, link: Link, scope: RefusedScope): Promise<ActVerdict | 'again'> {
  // Found by this very message: there is nothing to try before the next one.
  if (!isAmong(refusalsOf(look.context.setup.brakes)?.refused ?? [], scope)) return 'braked';
  const verdict = await takeAct(look, link, 'refusals');
  return verdict === 'braked' ? tryForAll(look, link, scope) : verdict;
}

/** The plan without what would only be refused again; what several scopes cover needs the leave of each. */
export async function withholdRefused(look: Look, link: Link, before: Guarded): Promise<Guarded | RoundVerdict> {
  const verdicts = new Map<FieldPlan, ActVerdict>();
  for (const scope of standing(look)) {
    const acts = before.plan.fields.filter((plan) => covers(scope, link, plan) && isOpen(verdicts.get(plan)));
    if (acts.length === 0) continue;
    const verdict = await verdictOn(look, link, scope);
    if (verdict === 'again') return again;
    for (const act of acts) verdicts.set(act, verdict);
  }
  return ruled('refusals', before, link, verdicts);
}

function isOpen(verdict: ActVerdict | undefined): boolean {
  return verdict === undefined || verdict === 'taken';
}

/** What the answer of one side says of its scopes; nothing where it is not clear what was refused. */
function scopesAnswered({ link, plan }: PlannedLink, side: Side, answer: SideAnswer): [RefusedScope, boolean][] {
  const actorType = link.ends.erp.type;
  const sent = plan.fields.filter(({ write }) => write?.side === side);
  if (answer.outcome === 'ok') {
    const fields = sent.map(({ field }): [RefusedScope, boolean] => [{ side, actorType, field }, false]);
    return [[{ side, actorType }, false], ...fields];
  }
  if (answer.outcome === 'not-sent') return answer.error.kind === 'forbidden' ? [[{ side, actorType }, true]] : [];
  if (answer.outcome !== 'rejected') return [];
  const named = sent.find(({ mapped }) => mapped[side].key === answer.field);
  const alone = sent.every(({ group }) => group === sent[0]?.group) ? sent[0] : undefined;
  const field = (named ?? alone)?.field;
  return field === undefined ? [] : [[{ side, actorType, field }, true]];
}

/** Sets the brake, or adds to the one that stands. */
async function setBrake({ engine, chunk }: Look, scope: RefusedScope): Promise<void> {
  const { tenantId, connectionId, runId } = chunk;
  const at = engine.runtime.now();
  const fresh = {
    tenantId,
    connectionId,
    kind: 'refusals',
    runId,
    at,
    withheld: 0,
    examples: [],
    revision: 0,
  } as const;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const found = await engine.connections.getWithBrakes(tenantId, connectionId);
    const before: Brake = refusalsOf(found?.brakes ?? []) ?? { ...fresh, examples: [] };
    const refused = before.refused ?? [];
    if (isAmong(refused, scope)) return;
    const brake = { ...before, refused: [...refused, scope] };
    if (!(await engine.brakes.set(brake, await failureOfBrake(engine, brake, at)))) continue;
    const isNew = before.revision === 0;
    if (isNew) await engine.alerts.tell({ event: 'brake-set', tenantId, connectionId, reason: brake.kind });
    return;
  }
}

/** Refusals of a scope take from the allowance; what exceeds it sets the brake. */
async function countRefusals(look: Look, scope: RefusedScope): Promise<void> {
  const { engine, context, facts } = look;
  const { tenantId, id: connectionId, allowances } = context.setup.connection;
  const of = `${engine.runtime.now().slice(0, 10)}.${scopeName(scope)}`;
  const refused = facts.refusals.refusedOf(scope);
  if (refused.length === 0) return;
  const limit = limitOf('refusals', allowances, await facts.linkCount());
  for (const linkId of refused) {
    const act = `refusals ${of} ${linkId}`;
    const verdict = await facts.once(act, async () =>
      (await engine.brakes.take({ tenantId, connectionId, kind: 'refusals', of }, linkId, limit))
        ? 'taken'
        : 'allowance',
    );
    if (verdict === 'taken') continue;
    facts.refusals.refusing.push(scope);
    return setBrake(look, scope);
  }
}

/** What is taken again is sent again, by everybody. */
async function liftTaken({ engine, chunk, facts }: Look): Promise<void> {
  const { tenantId, connectionId } = chunk;
  const found = await engine.connections.getWithBrakes(tenantId, connectionId);
  const brake = refusalsOf(found?.brakes ?? []);
  if (!brake) return;
  const refused = (brake.refused ?? []).filter((scope) => !isAmong(facts.refusals.taken, scope));
  if (refused.length === 0) await engine.brakes.lift(brake);
  else {
    const left = { ...brake, refused };
    await engine.brakes.set(left, await failureOfBrake(engine, left, engine.runtime.now()));
  }
}

async function note(
  look: Look,
  written: readonly PlannedLink[],
  answers: ReadonlyMap<string, BySide<SideAnswer>>,
): Promise<void> {
  const { refusals } = look.facts;
  for (const name of refusals.triers.keys()) refusals.tried.add(name);
  const known = standing(look);
  const refused: RefusedScope[] = [];
  for (const one of written) {
    for (const side of sides) {
      const answer = answers.get(one.link.id)?.[side];
      for (const [scope, isRefused] of answer ? scopesAnswered(one, side, answer) : []) {
        refusals.note(scope, one.link.id, isRefused);
        if (isRefused && !isAmong([...known, ...refused], scope)) refused.push(scope);
        if (!isRefused && isAmong(known, scope) && !isAmong(refusals.taken, scope)) refusals.taken.push(scope);
      }
    }
  }
  if (known.some((scope) => isAmong(refusals.taken, scope))) await liftTaken(look);
  for (const scope of refused) await countRefusals(look, scope);
}

/**
 * Once a round's writes are answered; asks nothing of storage where none was refused and no brake stands. What was written is
 * recorded, whatever becomes of this.
 */
export async function noteAnswers(
  look: Look,
  written: readonly PlannedLink[],
  answers: ReadonlyMap<string, BySide<SideAnswer>>,
): Promise<void> {
  try {
    await note(look, written, answers);
  } catch (failure) {
    look.engine.telemetry.failure('refusals-not-counted', asSyncError(failure), { tenantId: look.chunk.tenantId });
  }
}
