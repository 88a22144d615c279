import path from 'node:path';
import { parseArgs } from 'node:util';
import { unknownOption } from './unknown-option.mjs';

export const usage = `Usage: npm start -- [options]

Starts the whole system on this machine: the deployed stack on a local AWS, a real ERP and a CRM; links their
records and keeps them in agreement until Ctrl-C.

  --once                      print what happened, stop everything and end
  --fresh                     forget what is stored and start from the beginning
  --state DIR                 keep the data there (default: local/.state): a new or empty folder, or one of before
  --aws-port N                ports, where you do not want those that are chosen; they hold until --fresh
  --erp-port N
  --crm-port N
  --crm-control-port N
  --reference-port N
  --identity-provider-port N
  --pages-port N
  --help                      this text`;

/** By the names that the state folder has for them. */
const portOptions = {
  aws: 'aws-port',
  erp: 'erp-port',
  crm: 'crm-port',
  crmControl: 'crm-control-port',
  reference: 'reference-port',
  identityProvider: 'identity-provider-port',
  pages: 'pages-port',
};
/** @typedef {Partial<Record<keyof typeof portOptions, number>>} WantedPorts */

/** All but help, which npm answers itself. */
export const mainOptionNames = ['once', 'fresh', 'state=DIR', ...Object.values(portOptions).map((name) => `${name}=N`)];

/**
 * @typedef {object} MainOptions
 * @property {boolean} help
 * @property {boolean} once
 * @property {boolean} fresh
 * @property {string} [folder]
 * @property {WantedPorts} ports
 */

/**
 * Options of `npm start`, or what is wrong with them in one sentence. Plain JavaScript, for they are read before anything
 * is installed.
 * @param {string[]} args
 * @param {string} from what a relative folder is relative to
 * @returns {MainOptions | { fault: string }}
 */
export function mainOptions(args, from) {
  const unknown = unknownOption(args, usage);
  if (unknown) return { fault: unknown };
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const text = /** @type {const} */ ({ type: 'string' });
  const portTexts = Object.fromEntries(Object.values(portOptions).map((name) => [name, text]));
  try {
    const { values } = parseArgs({ args, options: { ...portTexts, help: flag, once: flag, fresh: flag, state: text } });
    const { help, once, fresh, state } = values;
    const ports = portsIn(values);
    if (typeof ports === 'string') return { fault: ports };
    return { help, once, fresh, ports, folder: state === undefined ? undefined : path.resolve(from, state) };
  } catch (error) {
    return { fault: `${error instanceof Error ? error.message : 'The options cannot be read.'} (see --help)` };
  }
}

/**
 * @param {Readonly<Record<string, string | boolean | undefined>>} values
 * @returns {WantedPorts | string} or what is wrong
 */
function portsIn(values) {
  /** @type {WantedPorts} */
  const ports = {};
  for (const name of /** @type {(keyof typeof portOptions)[]} */ (Object.keys(portOptions))) {
    const value = values[portOptions[name]];
    if (value === undefined) continue;
    const port = Number(value);
    if (!Number.isInteger(port) || port < 1024 || port > 65_535)
      return `--${portOptions[name]} must be a port from 1024 to 65535.`;
    if (Object.values(ports).includes(port)) return `Port ${port} can be asked for once only.`;
    ports[name] = port;
  }
  return ports;
}
