/** Texts of list items beside values are in the language of who asks, where the system has it. */
import { expect, test } from 'vitest';
import { ApiWorld } from './api-world.ts';
import { activeConnection, addRecords, connect, pair } from './set-up-steps.ts';

async function linkedWorld() {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 2);
  await connect(world, id, pair(1));
  await world.work();
  const [link] = (await world.send('GET', `/v1/links?connectionId=${id}`)).json.items;
  return { world, id, linkId: link.id };
}

type World = Awaited<ReturnType<typeof linkedWorld>>;

interface Field {
  readonly key?: string;
  readonly erpField?: string;
  readonly text?: string;
  readonly erp?: { readonly text?: string };
}

const reads: readonly [string, (of: World) => readonly [method: 'GET' | 'POST', path: string, body?: object]][] = [
  ['readActor', ({ id }) => ['GET', `/v1/connections/${id}/actors/customer/p1`]],
  ['readMappingExample', ({ id }) => ['GET', `/v1/connections/${id}/actor-types/customer/mapping/example?erpKey=p1`]],
  ['previewLinks', ({ id }) => ['POST', '/v1/links/preview', { connectionId: id, pairs: [pair(2)] }]],
  ['explainLink', ({ linkId }) => ['GET', `/v1/links/${linkId}/fields`]],
];

/** The text of the ERP's country, wherever an operation has its fields. */
function countryIn(json: { fields?: Field[]; items?: { fields: Field[] }[]; erp?: { fields: Field[] } }) {
  const fields = json.fields ?? json.erp?.fields ?? json.items?.[0]?.fields ?? [];
  const field = fields.find(({ key, erpField }) => (key ?? erpField) === 'COUNTRY');
  return field?.text ?? field?.erp?.text;
}

test.each(reads)(
  '%s shows texts in the language of the caller, and in that of the system otherwise',
  async (_, ask) => {
    const of = await linkedWorld();
    const [method, path, body] = ask(of);
    const textIn = async (language?: string) => {
      const headers: Record<string, string> = language === undefined ? {} : { 'accept-language': language };
      const { status, json } = await of.world.send(method, path, { body, headers });
      expect(status).toBe(200);
      return countryIn(json);
    };
    expect([await textIn(), await textIn('nl, en;q=0.5'), await textIn('fi')]).toEqual([
      'Netherlands',
      'Nederland',
      'Netherlands',
    ]);
  },
);
