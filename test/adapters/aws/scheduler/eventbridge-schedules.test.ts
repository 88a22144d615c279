import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, expect, test } from 'vitest';
import {
  eventBridgeSchedules,
  scheduleName,
} from '../../../../functions/adapters/aws/scheduler/eventbridge-schedules.ts';
import { systemRuntime } from '../../../../functions/adapters/runtime/system-runtime.ts';

test('a schedule is named by tenant and connection, as AWS allows it', () => {
  const { newId } = systemRuntime();
  expect(scheduleName(newId(), newId())).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** What a Scheduler answers, call by call: `ok`, or the name of its error. */
async function schedulesBefore(answers: string[]) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(request.method ?? '');
    const name = answers.shift() ?? 'ok';
    const status = { ok: 200, ConflictException: 409, ResourceNotFoundException: 404 }[name] ?? 400;
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
    response.end(JSON.stringify(name === 'ok' ? { ScheduleArn: 'arn' } : { Message: name }));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const client = new SchedulerClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  return { calls, schedules: eventBridgeSchedules({ client, groupName: 'g', dispatcherArn: 'd', roleArn: 'r' }) };
}

test('a schedule that is removed or changed while it is put is there in the end', async () => {
  const removed = await schedulesBefore(['ConflictException', 'ResourceNotFoundException', 'ok']);
  await removed.schedules.put('T', 'C', 5);
  expect(removed.calls).toEqual(['POST', 'PUT', 'POST']);
  const changed = await schedulesBefore(['ConflictException', 'ConflictException', 'ConflictException', 'ok']);
  await changed.schedules.put('T', 'C', 5);
  expect(changed.calls).toEqual(['POST', 'PUT', 'POST', 'PUT']);
});

test('a schedule that is changed while it is removed is gone in the end, and one that is not there is removed', async () => {
  const changed = await schedulesBefore(['ConflictException', 'ok']);
  await changed.schedules.remove('T', 'C');
  expect(changed.calls).toEqual(['DELETE', 'DELETE']);
  const gone = await schedulesBefore(['ResourceNotFoundException']);
  await gone.schedules.remove('T', 'C');
  expect(gone.calls).toEqual(['DELETE']);
});

test('a schedule that is changed all the time is a trouble that passes, another refusal is a defect', async () => {
  const changed = await schedulesBefore(Array.from({ length: 20 }, () => 'ConflictException'));
  await expect(changed.schedules.put('T', 'C', 5)).rejects.toMatchObject({ kind: 'transient' });
  const refused = await schedulesBefore(['ValidationException']);
  await expect(refused.schedules.put('T', 'C', 5)).rejects.toMatchObject({ kind: 'defect' });
});
