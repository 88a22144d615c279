/**
 * Asks both systems once a UTC day what they offer of the active types, so that drift is told before it hurts. Always true:
 * what is in use of a type changes together with its drift, with all its fields and with the mark that its links are yet to
 * be compared; a field that is gone is left alone from then on, and the others go on; a system or type that does not
 * answer, shows no field at all, or more than can be stored, changes nothing, nor does what is said only once. It comes after the poll was started, which it can neither stop nor
 * delay; a field that goes during the day is found where it is missed, before anything is suspended for it. A crash leaves
 * the day unnoted, and the next poll asks again. Attacked by test/sync/drift.test.ts.
 */
import { asSyncError, SyncError } from '../../core/errors.ts';
import { describedAnew } from '../../core/mapping/described-anew.ts';
import { fieldsInUse } from '../../core/mapping/fields-in-use.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { Connection, ConnectionActivity } from '../../core/model/connection.ts';
import {
  type ActorTypeSetup,
  type ConnectionSetup,
  tablesOf,
  type WholeActorType,
  yetToCompare,
} from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import type { Side } from '../../core/model/side.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { Engine } from '../engine.ts';
import { tellDrift } from '../guards/tell-drift.ts';
import { type OpenEnds, tryOpenEnds } from '../open-ends.ts';
import { compareChanged } from './compare-changed.ts';

/** What a system may get over by itself: it is asked again by the next poll. */
const passing: readonly SyncError['kind'][] = ['transient', 'throttled', 'unknown-outcome'];

/** By type; one that did not answer is left out, and whether it may by the next poll. */
interface Answers {
  readonly fields: ReadonlyMap<string, readonly FieldMetadata[]>;
  readonly askAgain: boolean;
}

async function ask(engine: Engine, context: OpenEnds, side: Side, types: readonly ActorTypeSetup[]): Promise<Answers> {
  const { tenantId, id: connectionId } = context.setup.connection;
  const fields = new Map<string, readonly FieldMetadata[]>();
  let askAgain = false;
  for (const type of new Set(types.map((one) => tablesOf(one)[side].type))) {
    try {
      const offered = await context[side].describe(type);
      if (offered.length > 0) fields.set(type, offered);
    } catch (failure) {
      const error = asSyncError(failure);
      engine.telemetry.failure('type-not-described', error, { tenantId, connectionId, side, recordType: type });
      askAgain ||= passing.includes(error.kind);
    }
  }
  return { fields, askAgain };
}

function offeredTo(type: ActorTypeSetup, answers: BySide<Answers>): BySide<readonly FieldMetadata[] | undefined> {
  const ends = tablesOf(type);
  return { crm: answers.crm.fields.get(ends.crm.type), erp: answers.erp.fields.get(ends.erp.type) };
}

/** What a side says twice; who says otherwise the second time is asked again by the next poll. */
function saidTwice(once: Answers, again: Answers): Answers {
  const fields = new Map([...again.fields].filter(([type, offered]) => sameContent(once.fields.get(type), offered)));
  const isSure = fields.size === Math.max(once.fields.size, again.fields.size);
  return { fields, askAgain: again.askAgain || !isSure };
}

/** What the engine would read of a type; a field that is new, or in no use, changes nothing of it. */
function isAsKnown(type: ActorTypeSetup, offered: BySide<readonly FieldMetadata[] | undefined>, at: string): boolean {
  const now = describedAnew(type, offered, at);
  return sameContent({ ...fieldsInUse(type), drift: type.drift }, { ...fieldsInUse(now), drift: now.drift });
}

async function storedOf(
  { connections, telemetry }: Engine,
  { connection: { tenantId, id: connectionId } }: ConnectionSetup,
  changed: readonly WholeActorType[],
): Promise<readonly WholeActorType[] | 'changed-meanwhile' | 'too-large'> {
  try {
    return (await connections.putActorTypes(changed)) ?? 'changed-meanwhile';
  } catch (failure) {
    const error = asSyncError(failure);
    if (error.kind !== 'too-large') throw failure;
    telemetry.failure('fields-not-stored', error, { tenantId, connectionId });
    return 'too-large';
  }
}

/**
 * The set-up with what both systems offer now, stored; `changed-meanwhile` by somebody else; `too-large`: it stays as it is
 * known, and the next day is soon enough to ask again.
 */
async function refreshed(
  engine: Engine,
  setup: ConnectionSetup,
  answers: BySide<Answers>,
): Promise<ConnectionSetup | 'changed-meanwhile' | 'too-large'> {
  const at = engine.runtime.now();
  const { tenantId, id: connectionId } = setup.connection;
  const differs = (type: ActorTypeSetup) => type.active && !isAsKnown(type, offeredTo(type, answers), at);
  if (!setup.actorTypes.some(differs)) return setup;
  const whole = await engine.connections.getWholeSetup(tenantId, connectionId);
  if (whole?.connection.state !== 'active') return 'changed-meanwhile';
  const changed = whole.actorTypes.filter(differs).map((type) => ({
    ...describedAnew(type, offeredTo(type, answers), at),
    activatedFingerprint: type.activatedFingerprint && yetToCompare,
  }));
  const stored = await storedOf(engine, setup, changed);
  if (typeof stored === 'string') return stored;
  const now = (type: ActorTypeSetup) => stored.find(({ actorType }) => actorType === type.actorType) ?? type;
  return { ...whole, actorTypes: whole.actorTypes.map(now) };
}

export function isDescribed({ lastDescribedDay }: ConnectionActivity, today: string): boolean {
  return lastDescribedDay === today;
}

/** One odd answer says nothing: what is otherwise than known is asked for twice. */
async function askUntilSure(
  engine: Engine,
  context: OpenEnds,
  side: Side,
  types: readonly ActorTypeSetup[],
): Promise<Answers> {
  const once = await ask(engine, context, side, types);
  const nothing = { fields: new Map(), askAgain: false };
  const offered = { crm: nothing, erp: nothing, [side]: once };
  const at = engine.runtime.now();
  if (types.every((type) => isAsKnown(type, offeredTo(type, offered), at))) return once;
  return saidTwice(once, await ask(engine, context, side, types));
}

/** Both systems are asked, and what changed is stored, told and compared; undefined where somebody else was quicker. */
async function described(engine: Engine, context: OpenEnds) {
  const { setup } = context;
  const { tenantId, id: connectionId } = setup.connection;
  const active = setup.actorTypes.filter((type) => type.active);
  const [crm, erp] = await Promise.all([
    askUntilSure(engine, context, 'crm', active),
    askUntilSure(engine, context, 'erp', active),
  ]);
  const answers = { crm, erp };
  const now = await refreshed(engine, setup, answers);
  const isAnswered = !answers.crm.askAgain && !answers.erp.askAgain;
  if (now === 'too-large') return { isOtherwise: false, isDone: isAnswered };
  if (now === 'changed-meanwhile') return undefined;
  await tellDrift(engine, { tenantId, connectionId }, now.actorTypes);
  const changed = now.actorTypes.filter((type) => type.activatedFingerprint === yetToCompare);
  const isCompared = await compareChanged(engine, { ...now, actorTypes: changed }, { by: 'activation' });
  return { isOtherwise: now !== setup, isDone: isCompared && isAnswered };
}

export async function describeDaily(engine: Engine, context: OpenEnds, activity: ConnectionActivity): Promise<void> {
  const today = engine.runtime.now().slice(0, 10);
  if (isDescribed(activity, today)) return;
  const { tenantId, id } = context.setup.connection;
  const found = await described(engine, context);
  // Noted last: a crash before asks again.
  if (found?.isDone) await engine.connections.noteDescribed(tenantId, id, today);
}

/**
 * A trouble that only an administrator could mend, unless it comes of a field that is gone since the day's look: that is
 * told as drift at once, and whoever met it tries again without the field.
 */
export async function withoutGoneFields(
  engine: Engine,
  { tenantId, id }: Pick<Connection, 'tenantId' | 'id'>,
  error: SyncError,
): Promise<SyncError> {
  if (error.kind !== 'misconfigured') return error;
  const opened = await tryOpenEnds(engine, tenantId, id);
  if (!opened || 'error' in opened || !(await described(engine, opened.context))?.isOtherwise) return error;
  const { explanation } = error;
  return new SyncError('transient', 'Fields in use are no longer described as they were.', {
    explanation,
    cause: error,
  });
}
