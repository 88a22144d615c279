import { expect, test } from 'vitest';
import { memorySight } from '../../../functions/adapters/memory/memory-sight.ts';
import { keptSight } from '../../../functions/features/access/kept-sight.ts';
import type { CrmRecordName } from '../../../functions/ports/record-sight.ts';

const minuteMs = 60_000;
const company = (crmKey: string): CrmRecordName => ({ crmType: 'company', crmKey });

function kept({ most = 100 } = {}) {
  const clock = { nowMs: 0 };
  const crm = memorySight(() => true);
  const sight = keptSight(crm, { nowMs: () => clock.nowMs }, { most });
  const ask = async (keys: readonly string[], { tenantId = 't1', userId = '5', sessionId = 's1' } = {}) =>
    sight.ask({ sight: { tenantId, userId, sessionId, records: keys.map(company) } });
  const askedKeys = () => crm.asked.map((message) => message.sight.records.map(({ crmKey }) => crmKey).join());
  return { clock, crm, ask, askedKeys };
}

test('an answer is used for five minutes from when it was asked for, of what is hidden too', async () => {
  const { clock, crm, ask, askedKeys } = kept();
  crm.hide('5', company('2'));
  expect(await ask(['1', '2'])).toEqual({ shown: [company('1')] });
  crm.show('5', company('2'));
  crm.hide('5', company('1'));
  clock.nowMs = 5 * minuteMs - 1;
  expect(await ask(['2', '1'])).toEqual({ shown: [company('1')] });
  clock.nowMs = 5 * minuteMs;
  expect(await ask(['2', '1'])).toEqual({ shown: [company('2')] });
  expect(askedKeys()).toEqual(['1,2', '2,1']);
});

test('only what is not known is asked for, at once', async () => {
  const { ask, askedKeys } = kept();
  await ask(['1']);
  expect(await ask(['1', '2', '3'])).toEqual({ shown: ['1', '2', '3'].map(company) });
  expect(askedKeys()).toEqual(['1', '2,3']);
});

test('what one user sees is another’s in no case, nor another tenant’s, nor of another type', async () => {
  const { crm, ask } = kept();
  crm.hide('6', company('1'));
  expect(await ask(['1'])).toEqual({ shown: [company('1')] });
  expect(await ask(['1'], { userId: '6', sessionId: 's2' })).toEqual({ shown: [] });
  await ask(['1'], { tenantId: 't2' });
  expect(crm.asked.map(({ sight }) => `${sight.tenantId} ${sight.userId}`)).toEqual(['t1 5', 't1 6', 't2 5']);
});

test('that nobody answered is not kept', async () => {
  const { crm, ask } = kept();
  crm.refusal = 'unanswered';
  expect(await ask(['1'])).toEqual({ refusal: 'unanswered' });
  crm.refusal = undefined;
  expect(await ask(['1'])).toEqual({ shown: [company('1')] });
});

test('of too many answers the oldest is forgotten', async () => {
  const { ask, askedKeys } = kept({ most: 2 });
  await ask(['1', '2']);
  await ask(['3']);
  await ask(['2', '3']);
  await ask(['1']);
  expect(askedKeys()).toEqual(['1,2', '3', '1']);
});
