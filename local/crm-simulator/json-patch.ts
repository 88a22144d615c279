import { ApiError, badRequest } from './api-error.ts';
import { deepEqual, findKey, isJsonObject, type Json, type JsonObject, memberOf, textOf } from './json.ts';

/**
 * RFC 6902 as the CRM takes it (spec 3.2): add, replace, remove and test only; paths case-insensitive, leading slash
 * optional. All or nothing: the given entity is never changed. `paths` are those written, as the entity spells them.
 */
export function applyJsonPatch(entity: JsonObject, operations: Json[]): { entity: JsonObject; paths: string[] } {
  const copy = structuredClone(entity);
  const paths: string[] = [];
  for (const operation of operations) {
    if (!isJsonObject(operation)) throw badRequest('A patch operation must be an object.');
    const op = textOf(memberOf(operation, 'op')).toLowerCase();
    const pointer = locate(copy, textOf(memberOf(operation, 'path')));
    const value = memberOf(operation, 'value') ?? null;
    if (op === 'test') {
      if (pointer.current === undefined || !deepEqual(pointer.current, value)) {
        throw new ApiError(409, 'SoConflictException', `Test operation failed at ${pointer.path}.`);
      }
      continue;
    }
    refuseAddressLeaf(pointer.path);
    if (op === 'add') pointer.add(structuredClone(value));
    else if (op === 'replace') pointer.replace(structuredClone(value));
    else if (op === 'remove') pointer.remove();
    else throw badRequest(`Patch operation '${op}' is not supported.`);
    paths.push(pointer.path);
  }
  return { entity: copy, paths };
}

/** A vendor sample marks writing one leaf of an address as failing (`src/Person.http`, spec 3.2). */
function refuseAddressLeaf(path: string): void {
  if (/^\/Address\/(Street|Postal)\/./.test(path)) {
    throw badRequest(`${path} cannot be patched: it needs the complete address fields.`);
  }
}

type Pointer = {
  path: string;
  current: Json | undefined;
  add: (value: Json) => void;
  replace: (value: Json) => void;
  remove: () => void;
};

function locate(root: JsonObject, path: string): Pointer {
  const tokens = path.replace(/^\//, '').split('/');
  const last = unescapeToken(tokens.pop() ?? '');
  if (last === '') throw badRequest('A patch path must not be empty.');
  let parent: Json | undefined = root;
  let spelled = '';
  for (const token of tokens) {
    const step = childKey(parent, unescapeToken(token));
    parent = step === undefined ? undefined : childOf(parent, step);
    spelled += `/${step ?? token}`;
  }
  if (Array.isArray(parent)) return arrayPointer(parent, last, `${spelled}/${last}`);
  if (isJsonObject(parent)) return objectPointer(parent, last, spelled);
  // A path through null or a missing array element: a test of it fails, anything else is refused.
  const refuse = () => {
    throw badRequest(`${spelled}/${last} does not exist.`);
  };
  return { path: `${spelled}/${last}`, current: undefined, add: refuse, replace: refuse, remove: refuse };
}

const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

function childKey(parent: Json | undefined, token: string): string | undefined {
  if (Array.isArray(parent)) return token;
  return isJsonObject(parent) ? findKey(parent, token) : undefined;
}

function childOf(parent: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(parent)) return /^\d+$/.test(key) ? parent[Number(key)] : undefined;
  return isJsonObject(parent) ? parent[key] : undefined;
}

function objectPointer(parent: JsonObject, token: string, prefix: string): Pointer {
  const key = findKey(parent, token);
  const path = `${prefix}/${key ?? token}`;
  if (key === undefined) {
    const refuse = () => {
      throw badRequest(`${path} does not exist.`);
    };
    return { path, current: undefined, add: refuse, replace: refuse, remove: refuse };
  }
  const set = (value: Json) => {
    parent[key] = value;
  };
  return { path, current: parent[key], add: set, replace: set, remove: () => set(null) };
}

function arrayPointer(parent: Json[], token: string, path: string): Pointer {
  const index = token === '-' ? parent.length : /^\d+$/.test(token) ? Number(token) : -1;
  const refuse = () => badRequest(`${path} does not exist.`);
  const exists = index >= 0 && index < parent.length;
  return {
    path,
    current: exists ? parent[index] : undefined,
    add: (value) => {
      if (index < 0 || index > parent.length) throw refuse();
      parent.splice(index, 0, value);
    },
    replace: (value) => {
      if (!exists) throw refuse();
      parent[index] = value;
    },
    remove: () => {
      if (!exists) throw refuse();
      parent.splice(index, 1);
    },
  };
}
