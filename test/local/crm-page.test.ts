import { expect, onTestFinished, test } from 'vitest';
import { startCrmSimulator } from '../../local/crm-simulator/start-crm-simulator.ts';
import { frontPage } from '../../local/front-page.ts';

async function started() {
  const crm = await startCrmSimulator();
  onTestFinished(() => crm.stop());
  const get = (address: string, accept: string) => fetch(`${address}/`, { headers: { accept } });
  return { crm, get };
}

test('both addresses of the CRM show a browser what it is and how its records are edited', async () => {
  const { crm, get } = await started();
  for (const address of [crm.url, crm.controlUrl]) {
    const page = await get(address, 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const html = await page.text();
    expect(html).toContain('<h1>SuperOffice, the CRM of the demo</h1>');
    expect(html).toContain(`curl ${crm.controlUrl}/records/company`);
    expect(html).toContain('Cust12345');
  }
});

test('a program gets the answer that it got before, and a page counts as no call', async () => {
  const { crm, get } = await started();
  await get(crm.url, 'text/html');
  const calls = async () => (await fetch(`${crm.controlUrl}/calls`)).json();
  expect(await calls()).toMatchObject({ total: 0 });
  expect((await get(crm.url, 'application/json')).status).toBe(404);
  expect((await get(crm.controlUrl, '*/*')).status).toBe(404);
  expect(await calls()).toMatchObject({ total: 1 });
});

test('what a page says is text, whatever it holds', () => {
  const page = frontPage({
    title: 'A & B',
    text: '<b>',
    parts: [{ heading: 'H', text: 'T', commands: ['-d \'"x"\''] }],
  });
  expect(page).toContain('<h1>A &amp; B</h1>\n<p>&lt;b&gt;</p>');
  expect(page).toContain("<pre>-d '&quot;x&quot;'</pre>");
});
