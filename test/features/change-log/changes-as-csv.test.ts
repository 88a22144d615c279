/** The log as a table for spreadsheets: all of it, and nothing that a spreadsheet would run. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ChangeView, changeColumns } from '../../../functions/http/schemas/changes.ts';
import { ApiWorld } from '../api-world.ts';
import { activeConnection, addRecords, connect, pair, withCrm } from '../set-up-steps.ts';

const csv = { accept: 'text/csv' };
const csvType = 'text/csv; charset=utf-8';

/** A link whose company is called so since, and the ERP with it. */
async function renamed(name: string) {
  const world = new ApiWorld();
  const id = await activeConnection(world);
  addRecords(world, 1);
  await connect(world, id, pair(1));
  await world.work();
  world.crm.edit('contact', 'c1', { name });
  await world.send('POST', '/v1/sync-runs', { body: { kind: 'sync', connectionId: id } });
  await world.work();
  expect(world.erp.valuesOf('party', 'p1').NAME).toBe(name);
  return { world, id };
}

const lineOf = (text: string, part: string) => text.split('\r\n').find((line) => line.includes(part)) ?? '';

test('the log is answered as CSV to who asks for it: names of the columns, then a line a change, as JSON has them', async () => {
  const { world, id } = await renamed('Müller, "Söhne"\nund Co');
  const path = `/v1/changes?connectionId=${id}`;
  const { items } = (await world.send('GET', path)).json;
  const { status, headers, json: text } = await world.send('GET', path, { headers: csv });
  expect([status, headers['content-type'], headers.link]).toEqual([200, csvType, undefined]);
  const [head, ...lines] = text.split('\r\n');
  expect(head).toBe(`\uFEFF${changeColumns.join(',')}`);
  expect(lines.pop()).toBe('');
  expect(lines).toHaveLength(items.length);
  const { at, linkId, runId, mappingVersion, id: changeId } = items[0];
  const told = `written,erp,company,c1,"Müller, ""Söhne""\nund Co",customer,p1,Firm 1,name,NAME`;
  const values = `Firm 1,,"Müller, ""Söhne""\nund Co",,,,changed-in-crm`;
  expect(lines[0]).toBe(
    `${at},${told},${values}${','.repeat(13)}${id},${linkId},${runId},${mappingVersion},${changeId}`,
  );
  const ofRun = await world.send('GET', `/v1/sync-runs/${runId}/changes`, { headers: csv });
  expect(ofRun.json).toBe([head, lines[0], ''].join('\r\n'));
});

test.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '＝1'])(
  'a cell that a spreadsheet would take for a formula (%s) has an apostrophe before it',
  async (name) => {
    const { world, id } = await renamed(name);
    const { json: text } = await world.send('GET', `/v1/changes?connectionId=${id}`, { headers: csv });
    const cell = name.includes('"') ? `"'${name.replaceAll('"', '""')}"` : `'${name}`;
    expect(lineOf(text, 'changed-in-crm')).toContain(`Firm 1,,${cell},`);
  },
);

test('a page that is not the last names the next one, and the pages together have all that there is', async () => {
  const { world, id } = await renamed('Firm 1 & Sons');
  const whole: string = (await world.send('GET', `/v1/changes?connectionId=${id}`, { headers: csv })).json;
  const [head, ...lines] = whole.trimEnd().split('\r\n');
  expect(lines.length).toBeGreaterThan(2);
  const seen: string[] = [];
  let next: string | undefined = `/v1/changes?connectionId=${id}&limit=1`;
  while (next !== undefined) {
    const { status, headers, json } = await world.send('GET', next, { headers: csv });
    const [names, line, end] = json.split('\r\n');
    expect([status, names, end]).toEqual([200, head, '']);
    seen.push(line);
    next = /^<(\/v1\/changes\?connectionId=[^>]+&limit=1&cursor=[^>]+)>; rel="next"$/.exec(String(headers.link))?.[1];
  }
  expect(seen).toEqual(lines);
});

test.each([undefined, '*/*', 'application/json, text/csv;q=0.5', 'text/csv;q=0', 'image/png', ';;,', 'text/csv;q=x'])(
  'who does not ask for CSV before JSON (%s) is answered as JSON',
  async (accept) => {
    const world = new ApiWorld();
    await withCrm(world);
    const { headers } = await world.send('GET', '/v1/changes', { headers: accept === undefined ? {} : { accept } });
    expect(headers['content-type']).toBe('application/json');
  },
);

test('what has no table, and what is refused, is answered as ever to who asks for CSV', async () => {
  const world = new ApiWorld();
  await withCrm(world);
  expect((await world.send('GET', '/v1/links', { headers: csv })).headers['content-type']).toBe('application/json');
  const refused = await world.send('GET', '/v1/changes?limit=0', { headers: csv });
  expect([refused.status, refused.headers['content-type']]).toEqual([400, 'application/problem+json']);
  const empty = await world.send('GET', '/v1/changes', { headers: csv });
  expect(empty.json).toBe(`\uFEFF${changeColumns.join(',')}\r\n`);
});

test('everything that a change says has its column', () => {
  const leavesOf = (schema: unknown, at: string): string[] => {
    if (schema instanceof z.ZodOptional) return leavesOf(schema.unwrap(), at);
    if (!(schema instanceof z.ZodObject)) return [at];
    return Object.entries(schema.shape).flatMap(([name, part]) => leavesOf(part, at === '' ? name : `${at}.${name}`));
  };
  expect(changeColumns.toSorted()).toEqual(leavesOf(ChangeView, '').toSorted());
});
