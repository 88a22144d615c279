/**
 * Texts of the list items among values that are stored: of the log, of what waits for people. Always true: they are a help,
 * so what keeps them from being had leaves them out and nothing else; a system is asked for the whole list, once in five
 * minutes for a connection and language, and once a minute where it did not answer. They are in the memory of the function
 * that asks: a crash forgets them. Attacked by test/features/systems/item-texts.test.ts.
 */
import { SyncError } from '../../core/errors.ts';
import { mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { MappedField } from '../../core/mapping/mapping.ts';
import type { BySide } from '../../core/model/by-side.ts';
import { fieldKey } from '../../core/model/link.ts';
import type { Side } from '../../core/model/side.ts';
import { putLast } from '../../core/put-last.ts';
import type { Value } from '../../core/values/value.ts';
import type { CallBudget } from '../../ports/call-budget.ts';
import type { Engine } from '../../sync/engine.ts';
import { openEachEnd, readStored } from '../../sync/open-ends.ts';
import { whyLeftAlone } from '../links/read-each-side.ts';
import type { ItemTexts, StoredField } from './item-text-of.ts';
import { listTexts } from './list-texts.ts';

const keptMs = 300_000;
const missedMs = 60_000;
/** The calls of one asking together; what is slower is not waited for. */
const mostCallsMs = 5_000;
/** Of connections and languages. */
const mostKept = 50;
/** What a page shows is mostly of one connection. */
const mostConnections = 10;

type OfConnection = (field: StoredField, side: Side, value: Value) => string | undefined;

interface Asked {
  readonly textOf: OfConnection;
  /** A system did not answer. */
  readonly misses: boolean;
}

type TextOf = Awaited<ReturnType<typeof listTexts>>;

const nameOf = (actorType: string | undefined, field: Pick<StoredField, 'erpField' | 'crmField'>) =>
  `${actorType} ${fieldKey(field)}`;

async function ask(engine: Engine, tenantId: string, connectionId: string, language?: string): Promise<Asked> {
  const stored = await readStored(engine, tenantId, connectionId);
  const { setup } = stored;
  if (!setup || whyLeftAlone(stored)) return { textOf: () => undefined, misses: true };
  const ofLists = new Map<string, MappedField>();
  for (const { actorType } of setup.actorTypes) {
    for (const mapped of mappedFields(setup, actorType)) {
      if (mapped.crm.type === 'list' || mapped.erp.type === 'list') ofLists.set(nameOf(actorType, mapped), mapped);
    }
  }
  if (ofLists.size === 0) return { textOf: () => undefined, misses: false };
  const ends = await openEachEnd(engine, { ...stored, setup });
  const textsOf = async (side: Side): Promise<TextOf | undefined> => {
    const end = ends[side];
    if (end instanceof SyncError) return undefined;
    const fields = [...ofLists.values()].map((mapped) => mapped[side]);
    return listTexts(end.system, fields, language).catch(() => undefined);
  };
  const [crm, erp] = await Promise.all([textsOf('crm'), textsOf('erp')]);
  const texts: BySide<TextOf | undefined> = { crm, erp };
  return {
    textOf(field, side, value) {
      const mapped = ofLists.get(nameOf(field.actorType, field));
      return mapped && texts[side]?.(mapped[side], value);
    },
    misses: !crm || !erp,
  };
}

export function itemTexts(engine: Engine, callBudget: CallBudget): ItemTexts {
  const { nowMs } = engine.runtime;
  const kept = new Map<string, { readonly asked: Promise<Asked>; untilMs: number }>();

  function ofConnection(tenantId: string, connectionId: string, language: string | undefined): Promise<Asked> {
    const name = JSON.stringify([tenantId, connectionId, language]);
    const known = kept.get(name);
    if (known && nowMs() < known.untilMs) return known.asked;
    const asked = callBudget
      .within(mostCallsMs, 'Texts are left out.', () => ask(engine, tenantId, connectionId, language))
      .catch((): Asked => ({ textOf: () => undefined, misses: true }));
    const entry = { asked, untilMs: nowMs() + keptMs };
    putLast(kept, name, entry, mostKept);
    return asked.then((answer) => {
      if (answer.misses) entry.untilMs = nowMs() + missedMs;
      return answer;
    });
  }

  return {
    async of(tenantId, connectionIds, language) {
      const ids = [...new Set(connectionIds)].slice(0, mostConnections);
      const asked = await Promise.all(ids.map(async (id) => [id, await ofConnection(tenantId, id, language)] as const));
      const byId = new Map(asked);
      return (field, side, value) =>
        value === undefined ? undefined : byId.get(field.connectionId)?.textOf(field, side, value);
    },
  };
}
