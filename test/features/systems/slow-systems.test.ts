/** Requests whose ERP or CRM takes seconds over each call: what they answer, and when. */
import { expect, test } from 'vitest';
import { SyncError } from '../../../functions/core/errors.ts';
import type { HttpClient } from '../../../functions/ports/http.ts';
import type { RecordSystem } from '../../../functions/ports/record-system.ts';
import type { Outside } from '../../../functions/ports/record-systems.ts';
import { recordSystems } from '../../../functions/wiring/record-systems.ts';
import { crmType, erpType } from '../api-systems.ts';
import { ApiWorld } from '../api-world.ts';
import {
  activeConnection,
  addRecords,
  connect,
  customerMapping,
  goodConfig,
  pair,
  saveMapping,
} from '../set-up-steps.ts';

/** A connection of which every operation of either system takes so many calls, of so long each. */
async function slow() {
  const speed = { tookMs: 0, calls: 3 };
  const remote = ({ http }: Outside, url: string, system: () => RecordSystem): RecordSystem =>
    new Proxy(system(), {
      get(target, property) {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function' || property === 'callCount') return member;
        return async (...parameters: unknown[]) => {
          for (let calls = 0; calls < speed.calls; calls += 1) await http.send({ method: 'GET', url });
          return Reflect.apply(member, target, parameters);
        };
      },
    });
  const world: ApiWorld = new ApiWorld(({ runtime, vault, budget }) => {
    const server: HttpClient = {
      async send({ deadlineMs = 8_000 }) {
        const isLate = deadlineMs < speed.tookMs;
        world.nowMs += Math.min(deadlineMs, speed.tookMs);
        if (isLate) throw new SyncError('unknown-outcome', `No answer within ${deadlineMs} ms.`);
        return { status: 200, headers: {}, text: '' };
      },
    };
    return recordSystems(
      { http: budget.over(server), runtime, vault },
      {
        crm: [{ ...crmType, open: async (outside, { address }) => remote(outside, address, () => world.crm) }],
        erp: [
          {
            ...erpType,
            reach: async ({ http }, url) => void (await http.send({ method: 'GET', url })),
            open: async (outside, url) => remote(outside, url, () => world.erp),
          },
        ],
      },
    );
  });
  const id = await activeConnection(world);
  addRecords(world);
  const timed = async (method: string, path: string, body?: unknown) => {
    const beganMs = world.nowMs;
    const answer = await world.send(method, path, { body });
    return { ...answer, seconds: (world.nowMs - beganMs) / 1000 };
  };
  return { world, id, speed, timed };
}

test.each([4_000, 30_000])(
  'with %i ms a call no request takes over 25 s, and 504 says what was done',
  async (tookMs) => {
    const { world, id, speed, timed } = await slow();
    const connectorId = (await world.send('GET', '/v1/connectors')).json.items[0].id;
    const requests: [string, string, unknown?][] = [
      ['POST', '/v1/connections/test', { connectorId, config: goodConfig }],
      ['POST', '/v1/connections', { connectorId, name: 'Another', config: goodConfig }],
      ['POST', `/v1/connections/${id}/test`],
      ['POST', `/v1/connections/${id}/refresh-metadata`],
      ['POST', '/v1/links/preview', { connectionId: id, pairs: [pair(1), pair(2)] }],
      ['GET', `/v1/connections/${id}/actors/customer?q=Firm`],
      ['POST', '/v1/tenant/test', {}],
    ];
    speed.tookMs = tookMs;
    speed.calls = 7;
    for (const [method, path, body] of requests) {
      const { status, json, seconds } = await timed(method, path, body);
      expect([path, seconds <= 25]).toEqual([path, true]);
      // Where the first call has ended by its own deadline, that is the answer.
      if (tookMs > 8_000) expect([path, [422, 503, 504].includes(status)]).toEqual([path, true]);
      if (status === 422 || status === 503) continue;
      expect([path, status, json.type]).toEqual([path, 504, 'out-of-time']);
      expect(json.detail).toMatch(/^(erp|online).example.com did not answer in time: .* were answered\. /);
    }
    speed.tookMs = 0;
    expect((await world.send('GET', '/v1/connections')).json.items).toHaveLength(1);
  },
);

test('an activation that ran out of time has activated nothing, says so, and can be made again', async () => {
  const { world, id, speed, timed } = await slow();
  const path = `/v1/connections/${id}`;
  await world.send('POST', `${path}/deactivate`);
  await saveMapping(world, id, customerMapping);
  speed.tookMs = 4_000;
  const { status, json, seconds } = await timed('POST', `${path}/activate`);
  expect([status, seconds]).toEqual([504, 25]);
  expect(json.detail).toContain('The connection was not activated.');
  expect((await world.send('GET', path)).json.state).toBe('inactive');
  expect(world.schedules.size).toBe(0);
  speed.tookMs = 0;
  expect((await world.send('POST', `${path}/activate`)).json.state).toBe('active');
});

test('the fields of a link are explained within the time though the systems take all of it: a side that did not answer shows why', async () => {
  const { world, id, speed, timed } = await slow();
  const { json } = await connect(world, id, pair(1));
  await world.work();
  speed.tookMs = 30_000;
  const { status, json: explained, seconds } = await timed('GET', `/v1/links/${json.items[0].linkId}/fields`);
  expect([status, seconds <= 25]).toEqual([200, true]);
  expect(explained.sides.erp.trouble.message).toMatch(/^The ERP could not be read now/);
  expect(explained.fields[0]).toMatchObject({ state: 'agreed', lastAgreed: { crm: { value: 'Firm 1' } } });
});
