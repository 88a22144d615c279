/** Requests made of docs/openapi.json: as it says, nearly so, and as somebody would send who means harm. */
import fc from 'fast-check';
import { document, type OperationObject, resolved, type Schema } from './document.ts';
import type { Things } from './furnished-world.ts';
import { type GoodRequest, goodRequests } from './good-requests.ts';

export interface Generated {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly rawBody?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly role: 'admin' | 'service' | 'user' | 'none';
  readonly isForeign: boolean;
}

/** Texts that have broken somebody's parser, store or log before. */
const harmful = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff x',
  '\u202egnp',
  '💥'.repeat(60),
  'é'.repeat(300),
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '..%2f..%2f',
  '%',
  '%zz',
  '%00',
  '%25',
  '#',
  '~',
  'a~b',
  'a#b#c',
  "' or 1=1 --",
  '\u0024{jndi:ldap://x}',
  '<script>alert(1)</script>',
  '=1+1',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e309',
  '9'.repeat(400),
  '2026-13-45T99:99:99Z',
  '0000-01-01T00:00:00+23:59',
  'http://169.254.169.254/latest/meta-data',
  'http://user:pw@host/',
  'https://nowhere.example.com',
  'javascript:alert(1)',
  '{"set": true}',
  '\\',
  '"',
  '\r\nx-injected: 1',
];

const harmfulValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...harmful) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 0.1, 1e308, 2 ** 53, -(2 ** 63), [], {}, [[]]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>({ set: true }, { set: false }, { length: 3 }, { kind: 'all' }),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }).map(nested) },
);

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let at = 0; at < depth; at += 1) value = at % 2 ? [value] : { a: value };
  return value;
}

/** What there is in the furnished world, by the names of parameters and properties. */
function knownBy({ connectors, connections, apiKey, links, runs, conflict, failures }: Things) {
  const all = (things: Readonly<Record<string, string>>) => Object.values(things);
  const ids = {
    connectors: all(connectors),
    connections: all(connections),
    'api-keys': [apiKey, 'key-of-admin'],
    links: all(links),
    'sync-runs': all(runs),
    conflicts: [conflict],
    failures: all(failures),
  };
  const known: Readonly<Record<string, readonly unknown[]>> = {
    connectionId: ids.connections,
    connectionIds: ids.connections,
    connectorId: ids.connectors,
    linkId: ids.links,
    linkIds: ids.links,
    runId: ids['sync-runs'],
    erpKey: ['p1', 'p2', 'p3', 'p9', 'p10', 'p11', 'p12', 'p99', 'a/b'],
    erpKeys: ['p1', 'p2', 'p10', 'p99'],
    crmKey: ['c1', 'c2', 'c3', 'c10', 'c11', 'c99'],
    erpField: ['NAME', 'PHONE', 'COUNTRY', 'VATNO', 'NUMBER1', 'BLOCKED', 'NONE'],
    crmField: ['name', 'phone', 'country', 'vatNo', 'category', 'none'],
    field: ['PHONE', 'phone'],
    kind: ['tryton', 'superoffice', 'none'],
    url: ['https://erp.example.com', 'https://nowhere.example.com', 'ftp://x', 'http://x'],
    address: ['https://online.example.com', 'https://other.example.com'],
    name: ['country', 'category', 'Name', 'constructor'],
    cursor: ['bm9uZQ', 'x.y', ''],
    q: ['Firm', 'x', ''],
    fingerprint: ['of other values'],
    reason: ['fields-left-alone', 'too-long'],
    expiresAt: ['2027-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
    from: ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00+05:00'],
    to: ['2026-12-31T00:00:00Z', '2020-01-01T00:00:00Z'],
  };
  const config = { database: 'demo', user: 'sync', password: 'correct horse' };
  const idAt = (template: string): readonly string[] =>
    new Map<string, readonly string[]>(Object.entries(ids)).get(/([\w-]+)\/\{id\}/.exec(template)?.[1] ?? '') ?? [];
  return { known, idAt, config };
}

type Known = ReturnType<typeof knownBy>;

/** A text of the length that the schema wants. */
function textOf(schema: Schema): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 40 } = schema as { minLength?: number; maxLength?: number };
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 20) });
}

/** Values that the schema takes; those of names that are known are mostly of the world. */
function valuesOf(schema: Schema, things: Known, name = ''): fc.Arbitrary<unknown> {
  const whole = resolved(schema);
  const { const: only, enum: words, type, anyOf, oneOf, allOf } = whole as Record<string, unknown>;
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(words)) return fc.constantFrom(...words);
  const forms = (anyOf ?? oneOf) as readonly Schema[] | undefined;
  if (forms) return fc.oneof(...forms.map((form) => valuesOf(form, things, name)));
  if (Array.isArray(allOf)) return valuesOf(allOf[0], things, name);
  const known = things.known[name];
  if (type === 'array') {
    const { items = {}, minItems = 0 } = whole as { items?: Schema; minItems?: number };
    return fc.array(valuesOf(items, things, name), { minLength: minItems, maxLength: Math.max(3, minItems) });
  }
  if (type === 'object') return objectOf(whole, things, name);
  if (type === 'integer') {
    const { minimum = 0, maximum = 1_000 } = whole as { minimum?: number; maximum?: number };
    return fc.integer({ min: minimum, max: maximum });
  }
  if (type === 'number') return fc.double({ min: 0, max: 1, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  const text = 'pattern' in whole ? fc.stringMatching(/^[0-9A-Za-z-]{1,64}$/) : textOf(whole);
  return known ? fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: text }) : text;
}

function objectOf(schema: Schema, things: Known, name: string): fc.Arbitrary<unknown> {
  const {
    properties = {},
    required = [],
    additionalProperties,
    propertyNames,
  } = schema as {
    properties?: Readonly<Record<string, Schema>>;
    required?: readonly string[];
    additionalProperties?: Schema | boolean;
    propertyNames?: Schema;
  };
  const parts = Object.entries(properties).map(([key, part]) => [key, valuesOf(part, things, key)] as const);
  const named = fc.record(Object.fromEntries(parts), { requiredKeys: [...required] });
  if (typeof additionalProperties !== 'object') return named;
  const keys = propertyNames ? (valuesOf(propertyNames, things) as fc.Arbitrary<string>) : fc.string({ maxLength: 20 });
  const free = fc.dictionary(keys, valuesOf(additionalProperties, things), { maxKeys: 3 });
  const more = name === 'config' ? fc.oneof(fc.constant(things.config), free) : free;
  return fc.tuple(named, more).map(([one, other]) => ({ ...(other as object), ...(one as object) }));
}

const inText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const encoded = (value: unknown) => encodeURIComponent(inText(value).toWellFormed());

/** As API Gateway hands a path over: decoded. It cannot hold what begins the query. */
const inPath = (value: unknown) => inText(value).replaceAll('?', '');

function addressOf(
  template: string,
  operation: OperationObject,
  things: Known,
  isHostile: boolean,
): fc.Arbitrary<string> {
  const parameters = (operation.parameters ?? []).map(resolved);
  const arbitraryOf = ({ name, in: place, schema }: (typeof parameters)[number]) => {
    const ids = things.idAt(template);
    const good = place === 'path' && name === 'id' ? fc.constantFrom(...ids, 'nobody') : valuesOf(schema, things, name);
    return isHostile ? fc.oneof(good, harmfulValue) : good;
  };
  const ofPath = parameters.filter((one) => one.in === 'path');
  const ofQuery = parameters.filter((one) => one.in === 'query');
  const query = fc.record(Object.fromEntries(ofQuery.map((one) => [one.name, arbitraryOf(one)])), { requiredKeys: [] });
  const raw = fc.constantFrom(
    '',
    '',
    '',
    '&limit=1&limit=2',
    '&%zz=%',
    '&__proto__=1',
    '&=&&',
    '&cursor=a.b',
    '&limit=%F0%9F',
  );
  return fc
    .tuple(
      fc.record(Object.fromEntries(ofPath.map((one) => [one.name, arbitraryOf(one)]))),
      query,
      isHostile ? raw : fc.constant(''),
    )
    .map(([values, asked, more]) => {
      const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => inPath(values[name]));
      const pairs = Object.entries(asked).map(([name, value]) => `${name}=${encoded(value)}`);
      return `${path}?${pairs.join('&')}${more}`;
    });
}

/** The same with one thing in it changed: taken out, replaced, or one more. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return harmfulValue;
  const keys = Object.keys(value);
  const rest = (key: string) => Object.entries(value).filter(([name]) => name !== key);
  const rebuilt = (entries: readonly (readonly [string, unknown])[]) =>
    Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
  return fc.oneof(
    fc.constantFrom(...keys).map((key) => rebuilt(rest(key))),
    {
      weight: 3,
      arbitrary: fc
        .constantFrom(...keys)
        .chain((key) => spoilt(Reflect.get(value, key)).map((part) => rebuilt([...rest(key), [key, part]]))),
    },
    fc
      .tuple(fc.constantFrom('more', '__proto__', 'constructor', 'x'.repeat(200)), harmfulValue)
      .map(([key, part]) => rebuilt([...Object.entries(value), [key, part]])),
  );
}

function bodyOf(
  { requestBody }: OperationObject,
  good: GoodRequest,
  things: Known,
  isHostile: boolean,
): fc.Arbitrary<string | undefined> {
  const schema = requestBody?.content['application/json']?.schema;
  const asText = (value: unknown) => JSON.stringify(value);
  const made = schema ? valuesOf(schema, things).map(asText) : fc.constantFrom(undefined, '{}');
  if (!isHostile) return fc.oneof(made, fc.constant(asText(good.body)));
  const rubbish = fc.constantFrom(
    '',
    '   ',
    '{',
    'null',
    '[]',
    '0',
    '"x"',
    '{"a":1}x',
    '\ufeff{}',
    '{"__proto__":{"x":1}}',
    '\u0000',
    '['.repeat(50),
    `{"a":${'['.repeat(19)}1${']'.repeat(19)}}`,
  );
  return fc.oneof(
    { weight: 4, arbitrary: spoilt(good.body ?? {}).map(asText) },
    { weight: 3, arbitrary: schema ? valuesOf(schema, things).chain(spoilt).map(asText) : harmfulValue.map(asText) },
    { weight: 1, arbitrary: harmfulValue.map(asText) },
    { weight: 1, arbitrary: rubbish },
  );
}

const tags = fc.constantFrom(
  '*',
  '*',
  '*',
  '"1"',
  'W/"2"',
  '"1", "2", "3"',
  '3',
  '"x"',
  '',
  '""',
  '"99999999999999999999"',
  ',,,',
);
const keys = fc.constantFrom('key-1', 'key-2', 'key-3', 'x'.repeat(256), '', 'a b', 'é', '\u0007');

function headersOf(operation: OperationObject, isHostile: boolean): fc.Arbitrary<Record<string, string>> {
  const names = (operation.parameters ?? []).map(resolved).map(({ name }) => name);
  const tag = names.includes('If-Match')
    ? fc.oneof({ weight: 9, arbitrary: tags }, fc.constant(undefined))
    : fc.constant(undefined);
  const key =
    names.includes('Idempotency-Key') || isHostile ? fc.oneof(fc.constant(undefined), keys) : fc.constant(undefined);
  return fc.tuple(tag, key).map(([ifMatch, idempotencyKey]) => ({
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  }));
}

/** Any operation, of any of the three kinds of request. */
export function generatedRequest(sample: Things): fc.Arbitrary<Generated> {
  const things = knownBy(sample);
  const good = new Map<string, GoodRequest>(Object.entries(goodRequests(sample)));
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })),
  );
  const requests = operations.map(({ template, method, operation }) => {
    const { operationId } = operation;
    const ofGood = good.get(operationId) ?? { method, path: template };
    const of = (isHostile: boolean): fc.Arbitrary<Generated> =>
      fc.record({
        operationId: fc.constant(operationId),
        method: fc.oneof(
          { weight: 40, arbitrary: fc.constant(method) },
          fc.constantFrom('HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'),
        ),
        path: fc.oneof(
          { weight: 4, arbitrary: addressOf(template, operation, things, isHostile) },
          { weight: 1, arbitrary: fc.constant(ofGood.path) },
        ),
        rawBody: ['POST', 'PUT', 'PATCH'].includes(method)
          ? bodyOf(operation, ofGood, things, isHostile)
          : fc.constant(undefined),
        headers: headersOf(operation, isHostile),
        role: fc.oneof(
          { weight: 12, arbitrary: fc.constant<'admin'>('admin') },
          fc.constantFrom('service', 'user', 'none'),
        ),
        isForeign: fc.integer({ min: 0, max: 30 }).map((drawn) => drawn === 0),
      });
    const asItShouldBe = fc.constant<Generated>({
      operationId,
      ...ofGood,
      rawBody: JSON.stringify(ofGood.body),
      headers: ofGood.ifMatch ? { 'if-match': '*' } : {},
      role: 'admin',
      isForeign: false,
    });
    return fc.oneof(
      { weight: 2, arbitrary: of(false) },
      { weight: 3, arbitrary: of(true) },
      { weight: 1, arbitrary: asItShouldBe },
    );
  });
  return fc.oneof(...requests);
}
