/** CPU of the whole way to DynamoDB: engine, stores and the real client, with DynamoDB's end in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { wireTable } from '../../functions/wiring/base.ts';
import { cpuSeconds, repeat } from '../cpu.ts';
import { type Figure, ofRuns } from '../figure.ts';
import { BenchWorld } from '../world.ts';

const links = 1_000;
const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

async function startStub(): Promise<{ readonly stub: ChildProcess; readonly endpoint: string }> {
  const stub = fork(path.join(import.meta.dirname, '..', 'dynamodb-stub.ts'), { execArgv: [] });
  const [port] = await once(stub, 'message');
  return { stub, endpoint: `http://127.0.0.1:${port}` };
}

export async function measure(): Promise<Figure[]> {
  Object.assign(process.env, credentials);
  const { stub, endpoint } = await startStub();
  let tables = 0;
  try {
    const found = await repeat(async () => {
      tables += 1;
      const { table } = wireTable(`bench-${tables}`, endpoint);
      const world = new BenchWorld({ table });
      await world.setUp(links);
      const first = links / (await cpuSeconds(() => world.pollAndWork()));
      await world.pollAndWork();
      world.editInCrm(links, 'edited');
      const changed = links / (await cpuSeconds(() => world.pollAndWork()));
      world.expectAgreed(links);
      return { first, changed };
    }, 1);
    const rates = (name: string, values: readonly number[]) => ofRuns(`client.${name}`, values, 'links/s of CPU');
    return [
      rates(
        'first-sync',
        found.map(({ first }) => first),
      ),
      rates(
        'changes',
        found.map(({ changed }) => changed),
      ),
    ];
  } finally {
    stub.disconnect();
  }
}
