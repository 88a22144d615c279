import { expect, test } from 'vitest';
import { probeEnds } from '../../../functions/features/systems/connection-ends.ts';
import { probeSystem } from '../../../functions/features/systems/probe-system.ts';
import type { RecordSystem } from '../../../functions/ports/record-system.ts';
import { crmSystem, erpSystem } from '../api-systems.ts';

/** Each call takes a turn of the clock; what is asked side by side shares it. */
function slow<System extends RecordSystem>(system: System, clock: { turns: number }): System {
  return new Proxy(system, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...parameters: unknown[]) => {
        const began = clock.turns;
        await new Promise((resolve) => setImmediate(resolve));
        clock.turns = Math.max(clock.turns, began + 1);
        return Reflect.apply(member, target, parameters);
      };
    },
  });
}

test('a slow system is asked for all that a test needs at once', async () => {
  const clock = { turns: 0 };
  const types = await probeSystem(
    slow(
      erpSystem(() => 0),
      clock,
    ),
  );
  expect(types.map(({ type }) => type)).toEqual(['customer', 'supplier', 'project', 'employee']);
  expect(clock.turns).toBe(2);
});

test('both ends are asked at once', async () => {
  const clock = { turns: 0 };
  const ends = await probeEnds(
    slow(
      erpSystem(() => 0),
      clock,
    ),
    slow(
      crmSystem(() => 0),
      clock,
    ),
  );
  expect(ends.crm).toHaveLength(3);
  expect(clock.turns).toBe(2);
});
