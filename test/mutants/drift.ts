import type { Mutant } from './mutant.ts';

const stores = ['test/contract/stores.test.ts'];
const pure = ['test/core/mapping/field-drift.test.ts'];
const daily = ['test/sync/drift.test.ts'];
const api = ['test/features/connections/drift.test.ts'];

const metadata = 'functions/adapters/aws/dynamodb/set-up/field-metadata.ts';
const setups = 'functions/adapters/aws/dynamodb/set-up/connection-setup.ts';
const drift = 'functions/core/mapping/field-drift.ts';
const telling = 'functions/sync/guards/tell-drift.ts';
const describing = 'functions/sync/runs/describe-daily.ts';

/** What both systems say of fields, and what changes of it. */
export const driftMutants: readonly Mutant[] = [
  {
    id: 'all-fields-read-by-the-engine',
    rule: 'J1',
    file: metadata,
    find: '...fieldsInUse(setup), fieldOrder: undefined, metadata };',
    replace: 'metadata };',
    killedBy: stores,
  },
  {
    id: 'fields-of-another-write',
    rule: 'J1',
    file: metadata,
    find: " && textIn(part, 'of') === readFrom.of,",
    replace: ',',
    killedBy: stores,
  },
  {
    id: 'parts-of-more-fields-left',
    rule: 'J1',
    file: metadata,
    find: 'Math.max(0, before.parts - pieces.length)',
    replace: '0',
    killedBy: stores,
  },
  {
    id: 'former-fields-not-read',
    rule: 'J1',
    file: metadata,
    find: 'if (!readFrom) return { ...setup, readFrom: noParts };',
    replace: 'if (!readFrom) return undefined;',
    killedBy: stores,
  },
  {
    id: 'fields-outlive-their-connection',
    rule: 'J1',
    file: 'functions/adapters/aws/dynamodb/table/keys.ts',
    find: "'mapping-versions', 'field-metadata', 'cursors'",
    replace: "'mapping-versions', 'cursors'",
    killedBy: stores,
  },
  {
    id: 'noted-over-another-change',
    rule: 'J2',
    file: setups,
    find: '      when: { equals: { revision: type.revision } },\n',
    replace: '',
    killedBy: stores,
  },
  {
    id: 'too-much-of-fields-for-the-table-to-say',
    rule: 'J3',
    file: setups,
    find: 'if (writes.length <= mostWrites && bytes <= mostBytes) return writes;',
    replace: 'if (writes.length > 0 || bytes > mostBytes) return writes;',
    killedBy: stores,
  },
  {
    id: 'proposal-without-its-fields',
    rule: 'J4',
    file: 'functions/core/model/proposal.ts',
    find: 'active, fields, filter, ...described }',
    replace: 'active, fields, filter }',
    killedBy: api,
  },
  {
    id: 'drift-from-the-last-description',
    rule: 'J5',
    file: drift,
    find: 'known?.was ?? (before && shapeOf(before));',
    replace: 'before && shapeOf(before);',
    killedBy: pure,
  },
  {
    id: 'drift-of-a-shorter-field-unseen',
    rule: 'J5',
    file: drift,
    find: "return now.maxLength < was.maxLength ? 'shorter' : 'longer';",
    replace: 'return undefined;',
    killedBy: pure,
  },
  {
    id: 'drift-of-the-crm-unseen',
    rule: 'J5',
    file: drift,
    find: 'fieldsNow[side].find(isIt)',
    replace: "fieldsNow[side === 'crm' ? 'erp' : side].find(isIt)",
    killedBy: pure,
  },
  {
    id: 'drift-kept-by-a-save',
    rule: 'J6',
    file: 'functions/features/mappings/field-mapping.ts',
    find: 'return { ...mapped, drift: driftAfterSave(mapped) };',
    replace: 'return mapped;',
    killedBy: api,
  },
  {
    id: 'drift-told-again-though-accepted',
    rule: 'J6',
    file: 'functions/core/model/field-drift.ts',
    find: "what !== 'longer' && accepted !== true",
    replace: "what !== 'longer'",
    killedBy: api,
  },
  {
    id: 'more-room-is-a-failure',
    rule: 'J7',
    file: 'functions/core/model/field-drift.ts',
    find: "return what !== 'longer' && accepted",
    replace: 'return what.length > 0 && accepted',
    killedBy: daily,
  },
  {
    id: 'drift-told-every-day',
    rule: 'J7',
    file: telling,
    find: 'if (!hasGrown(open, fields)) return;',
    replace: '',
    killedBy: daily,
  },
  {
    id: 'drift-failure-left-open',
    rule: 'J7',
    file: telling,
    find: 'if (open) await engine.failures.close(tenantId, id);',
    replace: '',
    killedBy: daily,
  },
  {
    id: 'systems-asked-at-every-poll',
    rule: 'J8',
    file: describing,
    find: 'if (isDescribed(activity, today)) return;',
    replace: '',
    killedBy: daily,
  },
  {
    id: 'day-forgotten-by-idle-polls',
    rule: 'J8',
    file: 'functions/sync/runs/idle-look.ts',
    find: 'if (!isDescribed(activity, today) || dailyWork',
    replace: 'if (dailyWork',
    killedBy: daily,
  },
  {
    id: 'no-fields-taken-for-an-answer',
    rule: 'J8',
    file: describing,
    find: 'if (offered.length > 0) fields.set(type, offered);',
    replace: 'fields.set(type, offered);',
    killedBy: daily,
  },
  {
    id: 'passing-trouble-ends-the-day',
    rule: 'J8',
    file: describing,
    find: 'askAgain ||= passing.includes(error.kind);',
    replace: '',
    killedBy: daily,
  },
  {
    id: 'changed-fields-not-compared',
    rule: 'J9',
    file: describing,
    find: '    activatedFingerprint: type.activatedFingerprint && yetToCompare,\n',
    replace: '',
    killedBy: daily,
  },
];
