import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { snsAlerts } from '../../../../functions/adapters/aws/sns/sns-alerts.ts';
import { memoryTelemetry } from '../../../../functions/adapters/memory/memory-telemetry.ts';

const alert = { event: 'brake-set', tenantId: 'T1', connectionId: 'C1', reason: 'blanks' } as const;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An SNS that answers with this status, or never. */
async function sns(status: number | 'never') {
  const bodies: string[] = [];
  const listening = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      if (status === 'never') return;
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end('<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>');
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const telemetry = memoryTelemetry();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', credentials };
  return { bodies, telemetry, alerts: snsAlerts({ topicArn: 'arn:aws:sns:eu-west-1:1:alerts', telemetry, config }) };
}

test('an alert is one message of ids and words', async () => {
  const { bodies, alerts, telemetry } = await sns(200);
  await alerts.tell(alert);
  const sent = new URLSearchParams(bodies[0]);
  expect(JSON.parse(sent.get('Message') ?? '')).toEqual(alert);
  expect(sent.get('Subject')).toBe('ERP Sync: brake-set');
  expect(telemetry.told).toEqual([]);
});

test.each([403, 'never'] as const)(
  'an alert that SNS does not take (%s) is counted and stops nothing',
  async (status) => {
    const { alerts, telemetry } = await sns(status);
    await alerts.tell(alert);
    expect(telemetry.told).toMatchObject([
      { kind: 'failure', event: 'alert-not-told', ids: { tenantId: 'T1', event: 'brake-set' } },
      { kind: 'count', event: 'AlertsNotTold', value: 1 },
    ]);
  },
  15_000,
);
