import { expect, test } from 'vitest';
import { customFieldsReader } from '../../../../../functions/adapters/crm/superoffice/fields/custom-fields.ts';
import { recordTypes } from '../../../../../functions/adapters/crm/superoffice/fields/record-types.ts';
import type { Session } from '../../../../../functions/adapters/crm/superoffice/session/session.ts';
import { systemRuntime } from '../../../../../functions/adapters/runtime/system-runtime.ts';
import { SyncError } from '../../../../../functions/core/errors.ts';
import { plannedWaitMs } from '../../../../../functions/core/timing/retry.ts';

function answering(status: number, body: unknown): Session {
  const answer = { status, text: JSON.stringify(body), headers: {}, tookMs: 1, waitedTurn: false };
  return { call: async () => answer, ready: async () => {}, callCount: () => 0 };
}

async function fieldsBy(session: Session) {
  const { fields } = await customFieldsReader(session, systemRuntime()).withCustom(recordTypes.company);
  return fields.slice(recordTypes.company.fields.length);
}
const layoutOf = (status: number, body: unknown) => fieldsBy(answering(status, body));

test('of the user-defined fields those are offered whose type, list and ProgId we can use', async () => {
  const layout = [
    { ProgId: 'Acme.Segment', FieldLabel: 'Segment', FieldType: 'List', MdoListName: 'udlist7' },
    { ProgId: 'Acme.Nowhere', FieldLabel: 'Of no list', FieldType: 'List', MdoListName: '' },
    { ProgId: 'Acme.Files', FieldLabel: 'Files', FieldType: 'Attachment' },
    { ProgId: 'Acme.Odd', FieldLabel: 'Of no type', FieldType: 'constructor' },
    { ProgId: 'not / a key', FieldLabel: 'Odd', FieldType: 'List', MdoListName: 'udlist7' },
  ];
  const [field, ...others] = await layoutOf(200, layout);
  expect(others).toEqual([]);
  expect(field).toMatchObject({
    metadata: { key: 'udef:Acme.Segment', label: 'Segment', type: 'list', listName: 'udlist7' },
    column: 'contactUdef/Acme.Segment',
  });
});

test('a layout that our user may not read, or that is not there, has no fields; one that does not come is an outage', async () => {
  for (const status of [403, 404, 405]) expect(await layoutOf(status, {})).toEqual([]);
  await expect(layoutOf(503, {})).rejects.toMatchObject({ kind: 'transient' });
  await expect(layoutOf(200, { not: 'a list' })).rejects.toMatchObject({ kind: 'transient' });
});

test('a layout that is refused once is asked for again, and its fields are there', async () => {
  const layout = [{ ProgId: 'Acme.Remark', FieldType: 'ShortText' }];
  for (const status of [403, 404, 405]) {
    const session = answering(status, {});
    const whole = answering(200, layout);
    let calls = 0;
    const call: Session['call'] = (request) => {
      calls += 1;
      return (calls === 1 ? session : whole).call(request);
    };
    expect(await fieldsBy({ ...session, call }), String(status)).toHaveLength(1);
  }
});

test('a field that one answer left out is found again before it is believed to be gone', async () => {
  let nowMs = 0;
  let body: unknown = [];
  const session = answering(200, []);
  const call: Session['call'] = async (request) => ({ ...(await session.call(request)), text: JSON.stringify(body) });
  const reader = customFieldsReader({ ...session, call }, { ...systemRuntime(), nowMs: () => nowMs });
  const keys = ['udef:Acme.Remark'];
  const own = async () => (await reader.withCustom(recordTypes.company, keys)).fields.length;
  const without = await own();
  body = [{ ProgId: 'Acme.Remark', FieldType: 'ShortText' }];
  nowMs += plannedWaitMs(1, 0);
  expect(await own()).toBe(without + 1);
});

test('a CRM that refuses our sign-in is never taken for one without such fields', async () => {
  const refusing: Session = {
    ...answering(200, []),
    ready: () => Promise.reject(new SyncError('misconfigured', 'The CRM does not know our tenant.')),
  };
  await expect(fieldsBy(refusing)).rejects.toMatchObject({ kind: 'misconfigured' });
});
