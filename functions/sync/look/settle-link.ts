import { countsOf } from '../../core/merge/outcome.ts';
import { type SettledField, type SettledSide, settleIntent } from '../../core/merge/settle.ts';
import type { FieldChange } from '../../core/model/field-change.ts';
import { type Link, pairOf } from '../../core/model/link.ts';
import type { Capabilities, RecordState } from '../../ports/record-system.ts';
import type { Engine } from '../engine.ts';
import type { LinkRead, LookContext } from './look-context.ts';
import { mappedFields } from './mapped-fields.ts';

function settledSide(record: RecordState | undefined, capabilities: Capabilities): SettledSide | undefined {
  if (!record) return undefined;
  const { version } = capabilities;
  return {
    values: record.values,
    version: record.version,
    ...(record.changedAtMs !== undefined && { changedAtMs: record.changedAtMs }),
    ...(version.kind === 'coarse' && { blurMs: version.resolutionMs + version.commitLagMs }),
  };
}

function logged(engine: Engine, link: Link, runId: string, settled: SettledField): FieldChange[] {
  const { intended, verdict, found } = settled;
  if (verdict === 'not-done') return [];
  const other = intended.side === 'crm' ? 'erp' : 'crm';
  const both = { [intended.side]: intended.replaces, [other]: intended.source };
  return [
    {
      tenantId: link.tenantId,
      id: engine.runtime.newId(),
      connectionId: link.connectionId,
      linkId: link.id,
      runId,
      at: new Date(engine.runtime.nowMs()).toISOString(),
      ...pairOf(link),
      erpField: intended.erpField,
      crmField: intended.crmField,
      side: intended.side,
      oldValue: intended.replaces,
      newValue: found,
      rule: intended.rule,
      outcome: verdict === 'done' ? 'settled' : 'overtaken',
      ...(intended.conflict && {
        conflict: {
          winner: other,
          policy: 'settled',
          ...(intended.base && { base: intended.base }),
          crm: both.crm ?? null,
          erp: both.erp ?? null,
        },
      }),
    },
  ];
}

/**
 * Settles an expired intent on what both sides hold now, logs that and counts it for the intent's own run; the link as
 * stored, without the intent.
 */
export async function settleLink(
  engine: Engine,
  context: LookContext,
  link: Link,
  read: LinkRead,
): Promise<Link | 'superseded'> {
  const { intent } = link;
  if (!intent) return link;
  const settled = settleIntent({
    intent,
    fields: link.fields,
    mapping: mappedFields(context.setup, link.ends.erp.type),
    crm: settledSide(read.crm, context.capabilities.crm),
    erp: settledSide(read.erp, context.capabilities.erp),
  });
  const fields = { ...link.fields };
  for (const { intended, state } of settled) fields[intended.field] = state;
  const changes = settled.flatMap((one) => logged(engine, link, intent.runId, one));
  const done = changes.filter((change) => change.outcome === 'settled');
  const { intent: _settled, ...rest } = link;
  return engine.links.record({
    before: link,
    after: { ...rest, fields },
    changes,
    openFailures: [],
    closeFailures: [],
    counts: { runId: intent.runId, chunkId: intent.chunkId, deltas: countsOf(done), result: false },
  });
}
