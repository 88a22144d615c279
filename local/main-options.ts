import path from 'node:path';
import { parseArgs } from 'node:util';
import { StartFailure } from './start-failure.ts';
import { type PortName, type Ports, portNames } from './state.ts';

export const usage = `Usage: npm start -- [options]

Starts the whole system on this machine: the deployed stack on a local AWS, a real ERP and a CRM; links their
records and keeps them in agreement until Ctrl-C.

  --once                      print what happened, stop everything and end
  --fresh                     forget what is stored and start from the beginning
  --state DIR                 keep the data there (default: local/.state)
  --aws-port N                ports, where you do not want those that are chosen; they hold until --fresh
  --erp-port N
  --crm-port N
  --crm-control-port N
  --reference-port N
  --identity-provider-port N
  --pages-port N
  --help                      this text`;

const portOptions: Readonly<Record<PortName, string>> = {
  aws: 'aws-port',
  erp: 'erp-port',
  crm: 'crm-port',
  crmControl: 'crm-control-port',
  reference: 'reference-port',
  identityProvider: 'identity-provider-port',
  pages: 'pages-port',
};

export interface MainOptions {
  readonly help: boolean;
  readonly once: boolean;
  readonly fresh: boolean;
  readonly folder?: string;
  readonly ports: Partial<Ports>;
}

/** Options of `npm start`; a wrong one is a StartFailure. `from`: what a relative folder is relative to. */
export function mainOptions(args: string[], from: string): MainOptions {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const values = parsed(() =>
    parseArgs({
      args,
      options: {
        ...{ help: flag, once: flag, fresh: flag, state: text },
        ...{ 'aws-port': text, 'erp-port': text, 'crm-port': text, 'crm-control-port': text, 'reference-port': text },
        ...{ 'identity-provider-port': text, 'pages-port': text },
      },
    }),
  ).values;
  const ports: Partial<Ports> = {};
  for (const name of portNames) {
    const option = portOptions[name];
    const port = portOf(option, Object.entries(values).find(([key]) => key === option)?.[1]);
    if (port !== undefined && Object.values(ports).includes(port))
      throw new StartFailure(`Port ${port} can be asked for once only.`);
    if (port !== undefined) ports[name] = port;
  }
  const { help, once, fresh, state } = values;
  return { help, once, fresh, ports, folder: state === undefined ? undefined : path.resolve(from, state) };
}

function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    throw new StartFailure(`${error instanceof Error ? error.message : 'The options cannot be read.'} (see --help)`);
  }
}

function portOf(option: string, value: string | boolean | undefined): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new StartFailure(`--${option} must be a port from 1024 to 65535.`);
}
