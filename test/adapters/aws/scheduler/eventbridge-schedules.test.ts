import { expect, test } from 'vitest';
import { scheduleName } from '../../../../functions/adapters/aws/scheduler/eventbridge-schedules.ts';
import { systemRuntime } from '../../../../functions/adapters/runtime/system-runtime.ts';

test('a schedule is named by tenant and connection, as AWS allows it', () => {
  const { newId } = systemRuntime();
  expect(scheduleName(newId(), newId())).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
});
