/** docs/openapi.json is made of the routes, and says enough of each for somebody who writes a client. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allRoutes } from '../../../functions/http/all-routes.ts';
import { operationTexts } from '../../../functions/http/contract/operation-texts.ts';
import { openApiDocument } from '../../../local/reference/document.ts';
import { ApiWorld } from '../../features/api-world.ts';
import { at, document, documentFile, faultOf, type OperationObject, resolved, type Schema } from './document.ts';

const operations: readonly (readonly [string, OperationObject])[] = Object.values(document.paths)
  .flatMap((methods) => Object.values(methods))
  .map((operation) => [operation.operationId, operation]);

/** Every object of the document, with the names that lead to it. */
function* parts(part: unknown, path: readonly string[] = []): Generator<[readonly string[], object]> {
  if (typeof part !== 'object' || part === null) return;
  yield [path, part];
  for (const [name, inner] of Object.entries(part)) yield* parts(inner, [...path, name]);
}

const isSchema = (part: object): part is Schema =>
  'type' in part || 'anyOf' in part || 'oneOf' in part || '$ref' in part;

/** Every property of every schema, with where it stands. */
const properties: readonly (readonly [string, string, Schema])[] = [...parts(document)].flatMap(([path, part]) => {
  if (path.at(-1) !== 'properties' || path.includes('examples') || path.includes('example')) return [];
  return Object.entries(part).map(
    ([name, schema]) => [`${path.slice(0, -1).join('.')}.${name}`, name, schema] as const,
  );
});

test('docs/openapi.json is what the schemas say', () => {
  const made = `${JSON.stringify(openApiDocument(allRoutes), null, 2)}\n`;
  const isKept = readFileSync(documentFile, 'utf8') === made;
  // A failed `toBe` would print half a megabyte.
  expect(
    isKept,
    'docs/openapi.json is not what the routes say (any more): run `npm run openapi` and look at the difference',
  ).toBe(true);
});

test('it is served to everybody, as it is', async () => {
  const world = new ApiWorld();
  const { status, json } = await world.send('GET', '/v1/openapi.json', { role: 'none' });
  expect(status).toBe(200);
  expect(JSON.stringify(json) === JSON.stringify(document)).toBe(true);
});

test('every operation is in it, once', () => {
  expect(operations.map(([id]) => id).toSorted()).toEqual(allRoutes.map(({ id }) => id).toSorted());
});

test('every reference leads somewhere', () => {
  for (const [, part] of parts(document)) if ('$ref' in part) expect(at(String(part.$ref))).toBeDefined();
});

test.each(Object.entries(operationTexts))(
  '%s has a short summary and one to three sentences',
  (_, { summary, description }) => {
    expect(summary.split(' ').length).toBeLessThanOrEqual(9);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    const sentences = description.split(/[.:;]\s|\.$/).filter((part) => part.trim() !== '');
    expect(description).toMatch(/^[A-Z*`].*\.$/s);
    expect(sentences.length).toBeLessThanOrEqual(5);
    expect(description.length).toBeGreaterThan(40);
  },
);

/** Names that say it all. */
const plainNames = new Set(
  'id connectionId connectorId linkId runId caller tenant crm erp ok active name description label access searchable running lane attempts lookedAt kind type format interactive items inactive suspended'.split(
    ' ',
  ),
);
const saysItself = (name: string, schema: Schema): boolean =>
  plainNames.has(name) || /At$|^at$|Label$|Fields?$/.test(name) || 'const' in schema;

test('every property that does not say it itself is described', () => {
  const silent = properties.filter(([, name, schema]) => {
    const target = resolved(schema);
    const items = target.items as Schema | undefined;
    const isTold =
      'description' in schema || 'description' in target || (items !== undefined && 'description' in resolved(items));
    return !isTold && !saysItself(name, schema) && !('examples' in schema);
  });
  expect(
    [...new Set(silent.map(([where]) => where))],
    'give each a .describe(…) or .meta({ description, examples }) beside its schema',
  ).toEqual([]);
});

test('every example is one that its schema takes', () => {
  const wrong: string[] = [];
  for (const [path, part] of parts(document)) {
    if (path.includes('examples') || path.includes('example')) continue;
    if ('examples' in part && Array.isArray(part.examples) && isSchema(part)) {
      for (const example of part.examples)
        wrong.push(...(faultOf(part, example) ? [`${path.join('.')}: ${faultOf(part, example)}`] : []));
    }
    if (!('schema' in part) || typeof part.schema !== 'object' || part.schema === null) continue;
    const shown: unknown[] = 'examples' in part ? Object.values(part.examples as object).map(({ value }) => value) : [];
    for (const example of 'example' in part ? [...shown, part.example] : shown) {
      const fault = faultOf(part.schema as Schema, example);
      if (fault) wrong.push(`${path.join('.')}: ${fault}`);
    }
  }
  expect(wrong).toEqual([]);
});

test.each(operations.filter(([, { requestBody }]) => requestBody?.required))(
  '%s shows a body to send',
  (_, operation) => {
    expect(operation.requestBody?.content['application/json']?.example).toBeDefined();
  },
);

test('a choice between forms that a word decides says which word is which', () => {
  const choices = [...parts(document)].filter(([, part]) => 'oneOf' in part);
  expect(choices.length).toBeGreaterThan(2);
  for (const [path, part] of choices) expect([path.join('.'), 'discriminator' in part]).toEqual([path.join('.'), true]);
});
