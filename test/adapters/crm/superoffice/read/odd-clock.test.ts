import { expect, test } from 'vitest';
import { recordTypes } from '../../../../../functions/adapters/crm/superoffice/fields/record-types.ts';
import { cursorFrom, listChanges } from '../../../../../functions/adapters/crm/superoffice/read/list-changes.ts';
import type { Session } from '../../../../../functions/adapters/crm/superoffice/session/session.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Where a list goes on that was begun at noon and is read a minute later, while the CRM's answers tell these times. */
async function nextAfter(...told: number[]) {
  let last = noon;
  const call: Session['call'] = async () => {
    last = told.shift() ?? last;
    const headers = { date: new Date(last).toUTCString() };
    return { status: 200, text: JSON.stringify({ value: [] }), headers, tookMs: 0, waitedTurn: false };
  };
  const session: Session = { call, ready: async () => {}, callCount: () => 0 };
  const nowMs = () => noon + minuteMs;
  const runtime = { nowMs, now: () => '', newId: () => '', random: () => 0, sleep: async () => {} };
  const cursor = cursorFrom(noon, { serverMs: noon, ourMs: noon });
  const request = { table: 'contact', fieldsByType: { company: [] }, cursor };
  const page = await listChanges({ session, runtime, ownName: async () => undefined }, recordTypes.company, request);
  return JSON.parse(page.cursor).clocks.serverMs - noon;
}

test('one answer that is days ahead moves the list no further than the clock of the next', async () => {
  expect(await nextAfter(noon + 3 * dayMs, noon + minuteMs)).toBe(minuteMs);
  expect(await nextAfter(noon + 3 * dayMs, noon + 3 * dayMs)).toBe(3 * dayMs);
});
