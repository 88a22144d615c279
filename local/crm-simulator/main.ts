import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type CrmSimulator, startCrmSimulator } from './start-crm-simulator.ts';
import type { Seed } from './state-file.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    data: { type: 'string' },
    seed: { type: 'string' },
    tenant: { type: 'string', default: 'Cust12345' },
  },
});

function readSeed(): Seed | undefined {
  const isKept = values.data !== undefined && existsSync(values.data);
  return values.seed === undefined || isKept ? undefined : (JSON.parse(readFileSync(values.seed, 'utf8')) as Seed);
}

async function start(): Promise<CrmSimulator> {
  return await startCrmSimulator({
    port: Number(values.port),
    controlPort: Number(values['control-port']),
    tenant: values.tenant,
    dataFile: values.data,
    seed: readSeed(),
  });
}

const simulator = await start().catch((error: unknown) => {
  process.stderr.write(`The CRM simulator cannot start: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});

process.stdout.write(
  `${JSON.stringify({ url: simulator.url, controlUrl: simulator.controlUrl, tenant: simulator.tenant })}\n`,
);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    simulator.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
