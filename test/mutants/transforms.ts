import type { Mutant } from './mutant.ts';

const transformed = 'test/core/values/transformed.test.ts';
const faults = 'test/core/mapping/mapping-faults.test.ts';
const recordFilter = 'test/features/mappings/record-filter.test.ts';
const transforms = 'test/features/mappings/transforms.test.ts';

export const transformMutants: readonly Mutant[] = [
  {
    id: 'transform-result-passed-on',
    rule: 'M46',
    file: 'functions/core/values/transformed.ts',
    find: 'return isTwoWay && table.some((one) => one[target] === text) ? undefined : text;',
    replace: 'return text;',
    killedBy: [transformed],
  },
  {
    id: 'transform-leaves-a-blank',
    rule: 'M46',
    file: 'functions/core/values/transformed.ts',
    find: "made === undefined || made.trim() === '' ? undefined : made",
    replace: 'made',
    killedBy: [transformed],
  },
  {
    id: 'transform-agrees-untransformed',
    rule: 'M46',
    file: 'functions/core/values/convert.ts',
    find: '  if (mapped.transform) return agreesTransformed(mapped, mapped.transform, { crm, erp });\n',
    replace: '',
    killedBy: [transformed, transforms],
  },
  {
    id: 'transform-both-ways-whatever-it-is',
    rule: 'M46',
    file: 'functions/core/mapping/transform-faults.ts',
    find: '...(isTwoWay && !isUndoable(transform)',
    replace: '...(false',
    killedBy: [faults],
  },
  {
    id: 'refusal-of-a-former-direction',
    rule: 'M44',
    file: 'functions/core/merge/plan.ts',
    find: 'return !parked || isChosen || writesSide(direction, parked.side) ? state : rest;',
    replace: 'return state;',
    killedBy: ['test/features/mappings/former-refusals.test.ts'],
  },
  {
    id: 'constant-read-as-blank',
    rule: 'M47',
    file: 'functions/core/mapping/field-value.ts',
    find: 'key === constantSource ? (mapped.constant ?? null) : ',
    replace: '',
    killedBy: [transforms],
  },
  {
    id: 'constant-asked-of-a-system',
    rule: 'M47',
    file: 'functions/core/mapping/mapped-fields.ts',
    find: '.filter((key) => key !== constantSource)',
    replace: '',
    killedBy: [transforms],
  },
  {
    id: 'constant-change-met-by-nobody',
    rule: 'M47',
    file: 'functions/core/mapping/writing-rules.ts',
    find: '    constant,\n',
    replace: '',
    killedBy: [transforms],
  },
  {
    id: 'filter-lets-all-in',
    rule: 'M48',
    file: 'functions/sync/look/filtered.ts',
    find: 'isTold && !isInsideFilter(type, record.values)',
    replace: 'isTold && false',
    killedBy: [recordFilter],
  },
  {
    id: 'filter-gone-field-lets-in',
    rule: 'M48',
    file: 'functions/core/mapping/record-filter.ts',
    find: 'return field !== undefined && meets(',
    replace: 'return field === undefined || meets(',
    killedBy: ['test/core/mapping/record-filter.test.ts', recordFilter],
  },
  {
    id: 'filter-listed-record-not-told',
    rule: 'M48',
    file: 'functions/sync/detect/read-chain-page.ts',
    find: 'filtered(setup, link.actorType, of.side, record)',
    replace: 'record',
    killedBy: [recordFilter],
  },
  {
    id: 'filter-change-met-by-nobody',
    rule: 'M48',
    file: 'functions/core/mapping/mapped-fields.ts',
    find: 'filter ? { rows, filter } : rows',
    replace: 'rows',
    killedBy: [recordFilter],
  },
];
