/** A tenant's set-up as one YAML file, over the HTTP API. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConfigResult } from '../functions/features/config/config-result.ts';
import { ApiRefusal, configApi } from './config-api.ts';
import { type ConfigOptions, configOptions } from './config-options.ts';
import { usage } from './config-usage.mjs';
import { type ExportedSetUp, exportedLine, resultLines } from './config-words.ts';
import { mostBodyBytes, readYaml, writeYaml } from './config-yaml.ts';
import { demoApi } from './demo-api.ts';
import { fillSecrets } from './fill-secrets.ts';
import { visibleLine } from './visible-line.ts';

const checkout = path.resolve(import.meta.dirname, '..');
/** So often at most an apply goes on where the time of a request was over. */
const mostRounds = 40;

type Api = ReturnType<typeof configApi>;

interface Comparing extends Pick<ConfigOptions, 'file' | 'json'> {
  readonly act: 'plan' | 'apply';
}

/** What the command has of the process that runs it. */
export interface Outside {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where files are. */
  readonly folder: string;
  out(text: string): void;
  err(line: string): void;
}

/** The demo with --state is found as by local/session.sh. */
function apiOf({ demo, url = '', key = '' }: ConfigOptions, { environment }: Outside): Api {
  return configApi(demo ? demoApi(path.resolve(checkout, environment.ERP_SYNC_STATE || 'local/.state')) : { url, key });
}

function writeTo(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new Error(`The file ${file} cannot be written${code}.`);
  }
}

async function exportFile({ folder, out, err }: Outside, api: Api, file: string | undefined): Promise<number> {
  const setUp = await api<ExportedSetUp>('GET', '/config/export');
  const schema = path.join(checkout, 'docs/config.schema.json');
  const from = file === undefined ? folder : path.dirname(path.resolve(folder, file));
  const text = writeYaml(setUp, path.relative(from, schema).split(path.sep).join('/'));
  if (file === undefined) {
    out(text);
    return 0;
  }
  writeTo(path.resolve(folder, file), text);
  err(visibleLine(exportedLine(setUp, file)));
  return 0;
}

interface ConnectorTypes {
  readonly items: readonly { readonly kind: string; readonly configFields: readonly { key: string; type: string }[] }[];
}

async function secretsByKind(api: Api): Promise<Map<string, string[]>> {
  const { items } = await api<ConnectorTypes>('GET', '/connector-types?limit=200');
  return new Map(
    items.map(({ kind, configFields }) => [
      kind,
      configFields.flatMap(({ key, type }) => (type === 'password' ? [key] : [])),
    ]),
  );
}

function textOf({ folder }: Outside, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path.resolve(folder, file)));
  } catch (error) {
    const isText = !(error instanceof TypeError);
    throw new Error(isText ? `The file ${file} cannot be read.` : `The file ${file} is no text in UTF-8.`);
  }
}

/** Another round while the time of the one before was over and something of it was done. */
async function send(api: Api, act: 'plan' | 'apply', body: string, tell: (result: ConfigResult) => void) {
  let result = await api<ConfigResult>('POST', `/config/${act}`, body);
  for (let round = 1; act === 'apply' && !result.complete && round < mostRounds; round += 1) {
    const isGoing = result.connections.some(({ outcome }) => outcome === 'made' || outcome === 'changed');
    if (!isGoing) break;
    tell(result);
    result = await api<ConfigResult>('POST', `/config/${act}`, body);
  }
  tell(result);
  return result;
}

async function compare(outside: Outside, api: Api, { act, file = '', json }: Comparing): Promise<number> {
  const { environment, out, err } = outside;
  const say = (lines: readonly string[]) => {
    for (const line of lines) err(visibleLine(line));
  };
  const read = readYaml(file, textOf(outside, file));
  if (!read.ok) {
    say(read.faults);
    return 1;
  }
  const secrets = await secretsByKind(api);
  const { filled, faults } = fillSecrets(read.value, (kind) => secrets.get(kind), environment);
  if (faults.length > 0) {
    say([...read.placed(faults), 'Nothing was sent.']);
    return 1;
  }
  const body = JSON.stringify(filled);
  const bytes = Buffer.byteLength(body);
  if (bytes > mostBodyBytes) {
    say([`${file}: has ${bytes} bytes as JSON, and the API takes ${mostBodyBytes} at once.`]);
    say(['Divide it by connections: what a file does not name is left alone. Nothing was sent.']);
    return 1;
  }
  const tell = (result: ConfigResult) => {
    const lines = json ? JSON.stringify(result, null, 2).split('\n') : resultLines(result, act);
    for (const line of lines) out(`${visibleLine(line)}\n`);
    say(read.placed([...result.connectors, ...result.connections].flatMap(({ errors }) => errors)));
  };
  try {
    const result = await send(api, act, body, tell);
    const isRefused = [...result.connectors, ...result.connections].some(({ outcome }) => outcome === 'refused');
    if (isRefused || !result.complete) return 1;
    return act === 'plan' && !result.same ? 3 : 0;
  } catch (error) {
    if (error instanceof ApiRefusal) say(read.placed(error.faults));
    throw error;
  }
}

/** Its exit code. */
export async function runConfig(args: readonly string[], outside: Outside): Promise<number> {
  const { environment, out, err } = outside;
  const options = configOptions(args, environment);
  if ('help' in options) {
    out(`${usage}\n`);
    return 0;
  }
  if ('fault' in options) {
    err(`${options.fault}\n\n${usage}`);
    return 2;
  }
  const { act, file, json } = options;
  try {
    const api = apiOf(options, outside);
    return await (act === 'export' ? exportFile(outside, api, file) : compare(outside, api, { act, file, json }));
  } catch (error) {
    if (act === 'export' && error instanceof ApiRefusal)
      for (const { path: at, message } of error.faults) err(visibleLine(`${at}: ${message}`));
    err(visibleLine(error instanceof Error ? error.message : 'It failed without a reason.'));
    return 1;
  }
}
