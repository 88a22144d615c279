/** Both records of a link as they are now, each side by itself: one that is slow or broken keeps nobody from the other. */
import { asSyncError, type ErrorKind, SyncError } from '../../core/errors.ts';
import { filterFields } from '../../core/mapping/record-filter.ts';
import { constantSource } from '../../core/mapping/transform.ts';
import { clockErrorMs } from '../../core/merge/side-time.ts';
import { ActorType } from '../../core/model/actor-type.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import type { Link } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import type { Capabilities, RecordBatch, RecordState, RecordSystem } from '../../ports/record-system.ts';
import { filtered } from '../../sync/look/filtered.ts';
import type { StoredEnds } from '../../sync/open-ends.ts';
import { type End, openEachEnd } from '../../sync/open-ends.ts';
import type { Application } from '../application.ts';
import { listTexts } from '../systems/list-texts.ts';

/** Why a side shows no values; `explanation`: in the words of its system. */
interface SideTrouble {
  readonly reason: ErrorKind | 'left-alone';
  readonly message: string;
  readonly explanation?: string | undefined;
}

type TextOf = Awaited<ReturnType<typeof listTexts>>;

export interface SideNow {
  readonly record?: RecordState;
  readonly trouble?: SideTrouble;
  readonly capabilities?: Capabilities;
  readonly clockErrorMs: number;
  readonly textOf: TextOf;
}

const noTexts: TextOf = () => undefined;

function inTrouble(trouble: SideTrouble): SideNow {
  return { trouble, clockErrorMs: 0, textOf: noTexts };
}

const systemNames: BySide<string> = { crm: 'The CRM', erp: 'The ERP' };

function troubleOf(side: Side, failure: unknown): SideTrouble {
  const { kind, explanation } = asSyncError(failure);
  const message = kind === 'missing' ? 'has no such record (any more)' : `could not be read now (${kind})`;
  return { reason: kind, message: `${systemNames[side]} ${message}.`, explanation };
}

/** Why neither system is asked; nothing if they may be. */
export function whyLeftAlone({ setup }: StoredEnds): SideTrouble | undefined {
  const { state, secretNeeded } = setup?.connection ?? { state: 'deleted' };
  const message = (why: string) => `Neither system is asked, because ${why}.`;
  if (state === 'deleted') return { reason: 'left-alone', message: message('the connection is deleted') };
  if (state === 'suspended') return { reason: 'left-alone', message: message('the connection is suspended') };
  return secretNeeded && { reason: 'left-alone', message: message('the secrets of the connection are needed again') };
}

/** What is asked of a side: a record by its key, or the first one that its search gives. */
export interface Asked {
  readonly type: string;
  readonly key?: string | undefined;
  readonly fields: readonly FieldMetadata[];
  /** Of texts, where the system has it. */
  readonly language?: string | undefined;
}

/** Keys of the fields that are asked of their system: a constant has none, and a record filter may ask for others. */
function keysAsked(setup: ConnectionSetup, side: Side, { type, fields }: Asked): string[] {
  const keys = fields.map(({ key }) => key).filter((key) => key !== constantSource);
  const ofErp = side === 'erp' ? setup.actorTypes.find(({ actorType }) => actorType === type) : undefined;
  return [...new Set([...keys, ...(ofErp ? filterFields(ofErp) : [])])];
}

async function recordsAsked(
  { runtime }: Pick<Application, 'runtime'>,
  system: RecordSystem,
  { type, key }: Asked,
  keys: readonly string[],
): Promise<Pick<RecordBatch, 'records' | 'failed' | 'readAtMs'>> {
  if (key !== undefined) return system.get(type, [key], keys);
  const { records } = await system.search({ type, text: '', fields: keys, limit: 1 });
  return { records, failed: [], readAtMs: runtime.nowMs() };
}

async function readSide(
  app: Pick<Application, 'runtime'>,
  setup: ConnectionSetup,
  end: End | SyncError,
  side: Side,
  asked: Asked,
): Promise<SideNow> {
  if (end instanceof SyncError) return inTrouble(troubleOf(side, end));
  const { runtime } = app;
  const beganMs = runtime.nowMs();
  try {
    const [{ records, failed, readAtMs }, textOf] = await Promise.all([
      recordsAsked(app, end.system, asked, keysAsked(setup, side, asked)),
      // Texts make values readable; without them there are the keys.
      listTexts(end.system, asked.fields, asked.language).catch(() => noTexts),
    ]);
    const [record] = records;
    const error = failed[0]?.error ?? new SyncError('missing', 'The record is not there.');
    if (!record) return { ...inTrouble(troubleOf(side, error)), textOf };
    const { capabilities } = end;
    const ofErp = ActorType.safeParse(asked.type).data;
    const stands = side === 'erp' && ofErp ? filtered(setup, ofErp, side, record) : record;
    return { record: stands, capabilities, textOf, clockErrorMs: clockErrorMs(readAtMs, beganMs, runtime.nowMs()) };
  } catch (failure) {
    return inTrouble(troubleOf(side, failure));
  }
}

/** Opens both sides, for a read of each. */
export async function sideReader(
  app: Application,
  stored: StoredEnds,
): Promise<(side: Side, asked: Asked) => Promise<SideNow>> {
  const { setup } = stored;
  const leftAlone = whyLeftAlone(stored);
  if (leftAlone || !setup) return async () => inTrouble(leftAlone ?? { reason: 'missing', message: '' });
  const ends = await openEachEnd(app, { ...stored, setup });
  return (side, asked) => readSide(app, setup, ends[side], side, asked);
}

export async function readEachSide(
  app: Application,
  stored: StoredEnds,
  { ends }: Link,
  fields: BySide<readonly FieldMetadata[]>,
  language?: string,
): Promise<BySide<SideNow>> {
  const read = await sideReader(app, stored);
  const [crm, erp] = await Promise.all([
    read('crm', { ...ends.crm, fields: fields.crm, language }),
    read('erp', { ...ends.erp, fields: fields.erp, language }),
  ]);
  return { crm, erp };
}
