import type { Mutant } from './mutant.ts';

const value = 'functions/core/values/value.ts';
const conversions = 'test/core/values/convert.test.ts';

export const valueMutants: readonly Mutant[] = [
  {
    id: 'values-instant-as-text',
    rule: 'M12',
    file: value,
    find: "if (type === 'datetime') return instantKey(text) ?? text;",
    replace: '',
    killedBy: [conversions],
  },
  {
    id: 'values-white-space-is-a-value',
    rule: 'M13',
    file: value,
    find: "value.trim() === '' : value === undefined",
    replace: "value === '' : value === undefined",
    killedBy: [conversions],
  },
  {
    id: 'values-thirty-first-of-february',
    rule: 'M13',
    file: 'functions/core/values/calendar.ts',
    find: 'new Date(ms).toISOString().startsWith(day)',
    replace: 'true',
    killedBy: [conversions],
  },
];
