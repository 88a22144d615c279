import { expect, test } from 'vitest';
import { recordTypes } from '../../../../../functions/adapters/crm/superoffice/fields/record-types.ts';
import { udefListFields } from '../../../../../functions/adapters/crm/superoffice/fields/udefs.ts';
import { fieldsOf } from '../../../../../functions/adapters/crm/superoffice/read/find-record-type.ts';
import type { Session } from '../../../../../functions/adapters/crm/superoffice/session/session.ts';
import { systemRuntime } from '../../../../../functions/adapters/runtime/system-runtime.ts';

function answering(status: number, body: unknown): Session {
  const answer = { status, text: JSON.stringify(body), headers: {}, tookMs: 1, waitedTurn: false };
  return { call: async () => answer, ready: async () => {}, callCount: () => 0 };
}

const layoutOf = (status: number, body: unknown) =>
  udefListFields(answering(status, body), systemRuntime(), recordTypes.company);

test('of the user-defined fields those are offered that hold items of a list, by their ProgId', async () => {
  const layout = [
    { ProgId: 'Acme.Segment', FieldLabel: 'Segment', MdoListName: 'udlist7', HasBeenPublished: true },
    { ProgId: 'Acme.Size', FieldLabel: 'Employees', MdoListName: '' },
    { ProgId: 'Acme.Draft', FieldLabel: 'Draft', MdoListName: 'udlist7', HasBeenPublished: false },
    { ProgId: 'not / a key', FieldLabel: 'Odd', MdoListName: 'udlist7' },
  ];
  const [field, ...others] = await layoutOf(200, layout);
  expect(others).toEqual([]);
  expect(field).toMatchObject({
    metadata: { key: 'udef.Acme.Segment', label: 'Segment', type: 'list', listName: 'udlist7' },
    column: 'contactUdef/Acme.Segment',
  });
  expect(fieldsOf(recordTypes.company, ['udef.Acme.Segment'])).toMatchObject([{ spot: field?.spot }]);
});

test('a layout that our user may not read, or that is not there, has no fields; one that does not come is an outage', async () => {
  for (const status of [403, 404, 405]) expect(await layoutOf(status, {})).toEqual([]);
  await expect(layoutOf(503, {})).rejects.toMatchObject({ kind: 'transient' });
  await expect(layoutOf(200, { not: 'a list' })).rejects.toMatchObject({ kind: 'transient' });
});
