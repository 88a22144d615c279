import { badRequest } from './api-error.ts';
import { findKey, isJsonObject, type Json, type JsonObject, memberOf } from './json.ts';
import { addressFieldNames } from './shapes.ts';

/**
 * RFC 7396 with the CRM's twist (spec 3.2): an object given where an array lives is appended, an array replaces the
 * whole array. An address part must be complete here too.
 */
export function applyMergePatch(entity: JsonObject, patch: JsonObject): { entity: JsonObject; paths: string[] } {
  const paths: string[] = [];
  return { entity: mergeObject(structuredClone(entity), patch, '', paths), paths };
}

function mergeObject(target: JsonObject, patch: JsonObject, prefix: string, paths: string[]): JsonObject {
  for (const [name, value] of Object.entries(patch)) {
    const key = findKey(target, name);
    if (key === undefined) throw badRequest(`${prefix}/${name} does not exist.`);
    target[key] = mergeValue(target[key], value, `${prefix}/${key}`, paths);
  }
  return target;
}

function mergeValue(current: Json | undefined, value: Json, path: string, paths: string[]): Json {
  if (isJsonObject(value)) {
    if (/^\/Address\/(Street|Postal)$/.test(path)) refuseIncompleteAddress(value, path);
    if (Array.isArray(current)) {
      paths.push(`${path}/-`);
      return [...current, structuredClone(value)];
    }
    if (isJsonObject(current)) return mergeObject(current, value, path, paths);
  }
  paths.push(path);
  return structuredClone(value);
}

function refuseIncompleteAddress(value: JsonObject, path: string): void {
  if (addressFieldNames.some((name) => memberOf(value, name) === undefined)) {
    throw badRequest(`${path} cannot be patched: it needs the complete address fields.`);
  }
}
