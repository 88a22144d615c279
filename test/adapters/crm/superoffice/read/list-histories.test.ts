/** Generated histories of edits, pages and clocks that are put right: at their end every record was listed as it is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crmFixture } from '../superoffice-fixture.ts';

const records = 9;
const minuteMs = 60_000;

/** Between two polls the CRM's clock is set once at most; two settings that undo each other cannot be seen. */
const round = fc.record({
  editsBefore: fc.array(fc.nat(records - 1), { maxLength: 3 }),
  aheadMinutes: fc.option(fc.integer({ min: -100, max: 100 })),
  isSetBetweenPages: fc.boolean(),
  editsAfter: fc.array(fc.nat(records - 1), { maxLength: 3 }),
  waitMs: fc.integer({ min: 0, max: 5 * minuteMs }),
});

test('whenever the clock is set, no edit is skipped', async () => {
  const crm = await crmFixture();
  const system = crm.connect();
  const keys: string[] = [];
  for (let at = 0; at < records; at += 1) {
    const made = await crm.control('POST', '/records/company', { name: `Acme ${at}` });
    keys.push(String((made as { id: number }).id));
  }
  let edits = 0;
  const edit = async (at: number) => {
    edits += 1;
    await crm.edit('company', keys[at] ?? '', { name: `Edit ${edits}` });
  };

  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 4 }), async (rounds) => {
      await crm.faults({ pageRows: 4 });
      const listed = new Map<string, unknown>();
      let cursor = await system.start('contact');
      for (const key of keys) listed.set(key, (await nameOf(key)).name);

      for (const { editsBefore, aheadMinutes, isSetBetweenPages, editsAfter, waitMs } of rounds) {
        const setClock = async () => {
          if (aheadMinutes !== null) await crm.faults({ pageRows: 4, clockOffsetSeconds: aheadMinutes * 60 });
          crm.letTimePass(waitMs);
          for (const at of editsAfter) await edit(at);
        };
        for (const at of editsBefore) await edit(at);
        crm.letTimePass(waitMs);
        if (!isSetBetweenPages) await setClock();
        for (let pages = 1; ; pages += 1) {
          const page = await system.listChanges({ table: 'contact', fieldsByType: { company: ['name'] }, cursor });
          for (const record of page.records) listed.set(record.key, record.values.name);
          cursor = page.cursor;
          if (page.complete) break;
          if (isSetBetweenPages && pages === 1) await setClock();
        }
      }
      for (;;) {
        const page = await system.listChanges({ table: 'contact', fieldsByType: { company: ['name'] }, cursor });
        for (const record of page.records) listed.set(record.key, record.values.name);
        cursor = page.cursor;
        if (page.complete) break;
      }
      const stored = new Map<string, unknown>();
      for (const key of keys) stored.set(key, (await nameOf(key)).name);
      expect(listed).toEqual(stored);
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 40) },
  );
  await crm.stop();

  async function nameOf(key: string) {
    return (await crm.control('GET', `/records/company/${key}`)) as { name: string };
  }
});
