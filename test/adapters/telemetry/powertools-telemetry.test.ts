import { expect, test } from 'vitest';
import { awsFailure } from '../../../functions/adapters/aws/aws-failure.ts';
import { describeFailure } from '../../../functions/adapters/telemetry/describe-failure.ts';
import { asSyncError, SyncError } from '../../../functions/core/errors.ts';

test('a failure is described by kind, message and call frames', () => {
  const described = describeFailure(new SyncError('rejected', 'Link L1 was refused.', { explanation: 'SECRET' }));
  expect(described).toMatchObject({ kind: 'rejected', message: 'Link L1 was refused.' });
  expect(described.stack[0]).toMatch(/telemetry\.test\.ts:\d+:\d+/);
  expect(JSON.stringify(described)).not.toContain('SECRET');
});

test('the text of an unknown error is never told, only where it came from', () => {
  const unknown = new TypeError('SECRET\n    at SECRET (/tmp/SECRET.ts:1:1)\nmore SECRET');
  const described = describeFailure(asSyncError(unknown));
  expect(described.cause?.name).toBe('TypeError');
  expect(described.cause?.stack[0]).toMatch(/telemetry\.test\.ts:\d+:\d+/);
  expect(JSON.stringify(described)).not.toContain('SECRET');
});

test('a thrown value that is no error is only named by its type', () => {
  expect(describeFailure(asSyncError('SECRET')).cause).toEqual({ name: 'string', stack: [] });
});

test('a name made up of data is not told', () => {
  const odd = new Error('x');
  odd.name = 'SECRET value 12';
  expect(describeFailure(odd).name).toBe('Error');
});

test('a chain of causes is followed a few steps and no further', () => {
  const round = new Error('one');
  round.cause = round;
  expect(JSON.stringify(describeFailure(round)).length).toBeLessThan(10_000);
});

test.each([
  ['ThrottlingException', { $fault: 'client' }, 'throttled'],
  ['InternalServerError', { $fault: 'server' }, 'transient'],
  ['TimeoutError', {}, 'transient'],
  ['ValidationException', { $fault: 'client' }, 'defect'],
])('%s of AWS is %s %s', (name, parts, kind) => {
  const error = Object.assign(new Error('SECRET'), { name }, parts);
  expect(awsFailure('SQS SendMessageBatch', error)).toMatchObject({
    kind,
    message: `SQS SendMessageBatch failed (${name}).`,
  });
});
