import { expect, test } from 'vitest';
import { SyncError } from '../../functions/core/errors.ts';
import { answerText, fittingPage } from '../../functions/http/page-size.ts';
import type { PageRequest } from '../../functions/ports/page.ts';
import { ApiWorld } from '../features/api-world.ts';
import { addConnection, withCrm } from '../features/set-up-steps.ts';

const items = Array.from({ length: 500 }, (_, at) => ({ at, text: 'é'.repeat(at % 7 === 0 ? 100_000 : 5_000) }));

const read = async ({ limit, cursor = '0' }: PageRequest) => {
  const from = Number(cursor);
  const next = from + limit;
  return { items: items.slice(from, next), cursor: next < items.length ? String(next) : undefined };
};

test('a walk in pages cut by bytes sees every item once', async () => {
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await fittingPage({ limit: 200, cursor }, read);
    expect(JSON.stringify(page.items).length).toBeLessThan(2_000_000);
    seen.push(...page.items.map(({ at }) => at));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(items.map(({ at }) => at));
});

test('a single item that is larger than a page is a page', async () => {
  const huge = { text: 'x'.repeat(3_000_000) };
  const page = await fittingPage({ limit: 50 }, async ({ limit }) => ({
    items: Array.from({ length: limit }, () => huge),
    cursor: 'next',
  }));
  expect(page).toEqual({ items: [huge], cursor: 'next' });
});

test('what does not keep to its limit ends all the same', async () => {
  const whole = Array.from({ length: 60 }, () => 'x'.repeat(100_000));
  let reads = 0;
  const page = await fittingPage({ limit: 200 }, async () => {
    reads += 1;
    return { items: whole };
  });
  expect([page.items.length, reads]).toEqual([60, 2]);
});

test('an answer that is no page and too large says how many would fit', () => {
  const few = {
    few: Array.from({ length: 10 }, () => 'x'.repeat(600_000)),
    many: Array.from({ length: 50 }, () => 'x'),
  };
  expect(() => answerText(few)).toThrow(/Of its 10 few the first 8 would fit/);
  const body = { connectionId: 'c', items: Array.from({ length: 100 }, () => 'x'.repeat(100_000)), no: [1] };
  expect(() => answerText(body)).toThrow(/Of its 100 items the first 49 would fit: ask for fewer/);
  expect(answerText({ items: body.items.slice(0, 49) }).length).toBeLessThan(5_000_000);
  expect(() => answerText('x'.repeat(6_000_000))).toThrow('Ask for less.');
});

test('connections with long texts come in several pages, each once', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  const [connection] = await world.app.connections.inOrder(world.tenantId);
  if (!connection) throw new Error('no connection');
  const many = Array.from({ length: 60 }, (_, at) => `many-${String(at).padStart(3, '0')}`);
  for (const one of many) {
    const config = { ...connection.config, text: 'x'.repeat(90_000) };
    await world.app.connections.create({ ...connection, id: one, name: one, config }, []);
  }
  const seen: string[] = [];
  let cursor = '';
  do {
    const { status, json } = await world.send('GET', `/v1/connections?limit=200${cursor}`);
    expect(status).toBe(200);
    expect(JSON.stringify(json).length).toBeLessThan(2_100_000);
    seen.push(...json.items.map((item: { id: string }) => item.id));
    cursor = json.nextCursor === undefined ? '' : `&cursor=${json.nextCursor}`;
  } while (cursor !== '');
  expect(seen.toSorted()).toEqual([id, ...many].toSorted());
});

test('words of a system come through, however many it sends', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  const id = await addConnection(world);
  world.erpError = () => new SyncError('rejected', 'The ERP refused.', { explanation: 'é'.repeat(6_000_000) });
  const { status, json } = await world.send('POST', `/v1/connections/${id}/test`);
  expect(status).toBe(422);
  expect(json.explanation).toMatch(/^é+$/);
  expect(JSON.stringify(json).length).toBeLessThan(5_000);
});

test('a list over a hundred connections reads a few of them for a page, and comes to its end', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  await addConnection(world);
  const [connection] = await world.app.connections.inOrder(world.tenantId);
  if (!connection) throw new Error('no connection');
  for (let at = 0; at < 100; at += 1)
    await world.app.connections.create({ ...connection, id: `more-${at}`, name: `More ${at}` }, []);
  for (const list of ['links?state=broken', 'changes?field=NAME']) {
    let pages = 0;
    let cursor: string | undefined;
    do {
      const { status, json } = await world.send('GET', `/v1/${list}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      expect([status, json.items]).toEqual([200, []]);
      expect(world.storageCalls).toBeLessThan(150);
      cursor = json.nextCursor;
      pages += 1;
    } while (cursor !== undefined);
    expect([list, pages]).toEqual([list, 9]);
  }
});
