import { ownVariables } from '../functions/features/config/placeholders.ts';
import type { Fault } from './config-yaml.ts';

type Parts = Readonly<Record<string, unknown>>;

/** Names of the secrets that a kind of ERP declares; nothing for a kind that there is not. */
export type SecretsOf = (kind: string) => readonly string[] | undefined;

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partsIn(value: unknown, name: string): unknown[] {
  const list = isParts(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

/** The secrets of each connection's kind; nothing where the file does not say which kind it is. */
function secretNames(file: unknown, secretsOf: SecretsOf): (readonly string[] | undefined)[] {
  const kinds = new Map(partsIn(file, 'connectors').flatMap((one) => (isParts(one) ? [[one.name, one.kind]] : [])));
  return partsIn(file, 'connections').map((one) => {
    const kind = isParts(one) ? kinds.get(one.connector) : undefined;
    return typeof kind === 'string' ? secretsOf(kind) : undefined;
  });
}

/**
 * The file with the values of the sender's variables in the place of `${env:NAME}`, which only secrets may be and every
 * secret must be. A fault names the variable, never its value.
 */
export function fillSecrets(
  file: unknown,
  secretsOf: SecretsOf,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly filled: unknown; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const secrets = secretNames(file, secretsOf);
  const secretAt = (path: readonly (string | number)[]) => {
    const [connections, place, config, key] = path;
    if (connections !== 'connections' || config !== 'config' || path.length !== 4) return false;
    const names = secrets[Number(place)];
    return names === undefined ? 'unknown' : names.includes(String(key));
  };
  const fill = (value: unknown, path: readonly (string | number)[]): unknown => {
    const secret = secretAt(path);
    // That there is no such connector or kind is the API's to say, of the name that is wrong.
    if (secret === 'unknown') return value;
    if (secret) return secretFor(value, path);
    if (Array.isArray(value)) return value.map((one, at) => fill(one, [...path, at]));
    if (isParts(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, [...path, key])]));
    }
    if (typeof value === 'string' && value.includes('${env:')) {
      faults.push({ path: placeOf(path), message: 'Only a secret is taken from a variable' });
    }
    return value;
  };
  const secretFor = (value: unknown, path: readonly (string | number)[]): unknown => {
    const [, name] = typeof value === 'string' ? (/^\$\{env:([A-Za-z_]\w*)\}$/.exec(value) ?? []) : [];
    const isOwn = name !== undefined && ownVariables.includes(name);
    const given = name === undefined || isOwn ? undefined : environment[name];
    const message =
      name === undefined
        ? `A secret stands in a file only as the name of a variable: \${env:NAME}`
        : `The variable ${name} is ${isOwn ? "this command's own, and no secret of a system" : 'not set'}`;
    if (!given) faults.push({ path: placeOf(path), message });
    return given;
  };
  return { filled: fill(file, []), faults };
}

function placeOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`;
      return /^[\w$-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
