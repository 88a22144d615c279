import { memorySight } from '../../functions/adapters/memory/memory-sight.ts';
import { recordSightSuite } from './record-sight-suite.ts';

recordSightSuite('memory', async () => {
  const counts = { company: 250, person: 3, project: 3 };
  const sight = memorySight(({ crmType, crmKey }) => Number(crmKey) <= counts[crmType]);
  const userId = '5';
  return {
    ...{ sight, tenantId: 't1', sessionId: 's1', userId },
    async hide(...records) {
      for (const record of records) sight.hide(userId, record);
    },
    async falls() {
      sight.refusal = 'unanswered';
    },
    async removesUser() {
      sight.refusal = 'ended';
    },
  };
});
