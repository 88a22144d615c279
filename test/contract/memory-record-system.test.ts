/** The double of both ends keeps to the contract of the real ones, in both of its kinds. */
import { MemoryRecordSystem } from '../../functions/adapters/memory/memory-record-system.ts';
import { SyncError } from '../../functions/core/errors.ts';
import type { FieldMetadata } from '../../functions/core/model/field.ts';
import { recordSystemSuite } from './record-system-suite.ts';

const text = (key: string): FieldMetadata => ({
  key,
  label: key,
  type: 'text',
  maxLength: 0,
  access: 'normal',
  searchable: true,
});
const refusedName = 'A name nobody may have';

for (const version of ['exact', 'coarse'] as const) {
  recordSystemSuite({
    types: [
      {
        type: 'customer',
        table: 'party',
        text: 'name',
        otherText: 'city',
        blankable: 'phone',
        refused: { field: 'name', value: refusedName },
      },
    ],
    manyRecords: 450,
    lateEdits: version === 'coarse',
    movableClock: true,
    testsValues: version === 'coarse',
    async open() {
      let nowMs = Date.UTC(2026, 10, 23);
      let ids = 0;
      let nextWrite: { before?: () => void; loses?: boolean } = {};
      let mostAnswered: number | undefined;
      let answersLeft = Number.POSITIVE_INFINITY;
      const system: MemoryRecordSystem = new MemoryRecordSystem({
        types: [{ type: 'customer', table: 'party', fields: ['name', 'city', 'phone'].map(text) }],
        version,
        nowMs: () => nowMs,
        commitLagMs: 5_000,
        refuses: (_field, value) => (value === refusedName ? 'Refused' : undefined),
        answersAtMost: () => mostAnswered,
        async onCall(operation, moment) {
          if (operation === 'whichExist' && moment === 'sent') {
            answersLeft -= 1;
            if (answersLeft < 0) {
              answersLeft = Number.POSITIVE_INFINITY;
              throw new SyncError('transient', 'No answer came.');
            }
          }
          if (operation !== 'update') return;
          if (moment === 'sent') nextWrite.before?.();
          const { loses } = nextWrite;
          if (moment === 'answered') nextWrite = {};
          if (moment === 'answered' && loses) throw new SyncError('unknown-outcome', 'No answer came.');
        },
      });
      const create = (mark: string) => {
        ids += 1;
        const key = String(ids).padStart(6, '0');
        system.edit('party', key, { name: `Name ${mark}`, city: 'Utrecht', phone: '+31 30 123' });
        return key;
      };
      return {
        system,
        hand: {
          create: async (_type, mark) => create(mark),
          createMany: async (_type, marks) => marks.map(create),
          edit: async (_type, key, values) => system.edit('party', key, values),
          archive: async (_type, key) => system.setStanding('party', key, { kind: 'archived' }),
          merge: async (_type, key) => system.setStanding('party', key, { kind: 'merged', into: '1' }),
          capAnswers: async (most) => {
            mostAnswered = most;
          },
          failAfterAnswers: async (count) => {
            answersLeft = count;
          },
          remove: async (_type, key) => system.removeRecord('party', key),
          editBeforeNextWrite: async (_type, key, values) => {
            nextWrite = { before: () => system.edit('party', key, values) };
          },
          editLate: async (_type, key, values, lateMs) => system.edit('party', key, values, { lateMs }),
          loseNextWriteAnswer: async () => {
            nextWrite = { loses: true };
          },
          letTimePass: async (ms) => {
            nowMs += ms;
          },
        },
        close: async () => {},
      };
    },
  });
}
