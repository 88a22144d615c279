/** Crash equivalence: a worker or dispatcher dies at every single port call, once before and once after the call's effect. */
import { expect, test } from 'vitest';
import { playWithDeath, redeliveries } from './deaths.ts';
import { scenarios } from './scenarios.ts';

/** DEATHS=all plays every death with every redelivery; otherwise they take turns. */
const all = process.env.DEATHS === 'all';

for (const scenario of scenarios) {
  test(`a death at any port call changes nothing in the end: ${scenario.name}`, async () => {
    const undisturbed = await playWithDeath(scenario, 0, 0);
    expect(undisturbed.end).toMatchObject({ books: [], due: [], unfinished: [], failedRuns: 0 });
    const { crm, erp } = undisturbed.end.writes;
    expect({ crm: crm.length, erp: erp.length }).toEqual(scenario.writes);
    expect(undisturbed.end.log).toHaveLength(crm.length + erp.length);
    expect(undisturbed.calls).toBeGreaterThan(150);
    for (let dieAt = 1; dieAt <= undisturbed.calls; dieAt += 1) {
      for (const [turn, afterMs] of redeliveries.entries()) {
        if (!all && dieAt % redeliveries.length !== turn) continue;
        const { end, where, waitsForPoll } = await playWithDeath(scenario, dieAt, afterMs);
        const what = `died at call ${dieAt} (${where}), delivered again after ${afterMs} ms`;
        expect(end, what).toEqual(undisturbed.end);
        expect(waitsForPoll, what).toBe(false);
      }
    }
  });
}
