import type { Mutant } from './mutant.ts';
import { meanwhile, stores, waits } from './tiers.ts';

const stand = 'functions/core/model/link-stand.ts';
const stands = 'test/core/model/link-stand.test.ts';
const features = 'test/features/failures/failures.test.ts';

export const failureMutants: readonly Mutant[] = [
  {
    id: 'failure-stays',
    rule: 'L13',
    file: stand,
    find: 'const open = ends ? [] : (',
    replace: 'const open = ends === undefined ? [] : (',
    killedBy: [stands, features],
  },
  {
    id: 'failure-stays-withheld',
    rule: 'L13',
    file: 'functions/sync/guards/withhold-break.ts',
    find: "keeps: 'fields'",
    replace: "keeps: 'failure'",
    killedBy: ['test/sync/brake-standing.test.ts'],
  },
  {
    id: 'failure-dismissed-past-its-link',
    rule: 'L13',
    file: 'functions/features/failures/dismiss-failure.ts',
    find: 'if (!link) {',
    replace: 'if (!link?.openFailures.includes(id)) {',
    killedBy: ['test/sync/dismissed-meanwhile.test.ts'],
  },
  {
    id: 'failure-of-link-stays',
    rule: 'L13',
    file: stand,
    find: 'const whole = ends ? undefined : ofWholeLink(failure);',
    replace: 'const whole = ofWholeLink(failure);',
    killedBy: [stands, waits],
  },
  {
    id: 'failure-vanishes-while-retried',
    rule: 'O1',
    file: stand,
    find: 'const whole = ends ? undefined : ofWholeLink(failure);',
    replace: 'const whole = undefined;',
    killedBy: [stands, waits],
  },
  {
    id: 'failure-begins-again',
    rule: 'O1',
    file: 'functions/core/model/failure.ts',
    find: '{ ...now, firstAt: before.firstAt, attempts: before.attempts + now.attempts }',
    replace: '{ ...now, attempts: before.attempts + now.attempts }',
    killedBy: [stands, waits],
  },
  {
    id: 'failure-of-list-begins-again',
    rule: 'O1',
    file: 'functions/adapters/aws/dynamodb/links/failures.ts',
    find: 'failureItem({ ...failure, firstAt })',
    replace: 'failureItem({ firstAt, ...failure })',
    killedBy: [stores],
  },
  {
    id: 'failure-attempts-restart',
    rule: 'O1',
    file: 'functions/core/model/failure.ts',
    find: '{ ...now, firstAt: before.firstAt, attempts: before.attempts + now.attempts }',
    replace: '{ ...now, firstAt: before.firstAt }',
    killedBy: [stands, waits],
  },
  {
    id: 'failure-undoes-dismiss',
    rule: 'O2',
    file: stand,
    find: 'if (untouched) merged[name] = current[name];',
    replace: 'if (untouched && name === undefined) merged[name] = current[name];',
    killedBy: [stands, meanwhile],
  },
  {
    id: 'failure-of-disconnected-link',
    rule: 'O3',
    file: stand,
    find: "const open = link.state === 'disconnected' ? undefined : failure && withFittingTexts(failure);",
    replace: 'const open = failure && withFittingTexts(failure);',
    killedBy: [stands, meanwhile],
  },
  {
    id: 'failure-listed-though-dismissed',
    rule: 'O4',
    file: stand,
    find: '.filter(({ field }) => !fieldStates[field]?.dismissed)',
    replace: '',
    killedBy: [stands, features],
  },
  {
    id: 'failure-not-listed-anew',
    rule: 'O4',
    file: stand,
    find: 'anew.has(field) ? withoutMark(state) : state',
    replace: 'anew.size < 0 ? withoutMark(state) : state',
    killedBy: [stands],
  },
  {
    id: 'failure-of-any-size',
    rule: 'O5',
    file: 'functions/core/model/failure.ts',
    find: 'Math.floor(mostTextBytes / (3 * Math.max(1, fields.length)))',
    replace: 'Math.floor(mostTextBytes / 3)',
    killedBy: [stands],
  },
];
