/** The OpenAPI document: method, path and roles from the registry, forms from the routes' schemas, words from their texts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiParameters,
  type ZodOpenApiRequestBodyObject,
} from 'zod-openapi';
import type { OperationText } from '../../functions/http/contract/operation-text.ts';
import { tags } from '../../functions/http/contract/operation-text.ts';
import { operationTexts } from '../../functions/http/contract/operation-texts.ts';
import type { DescribedOperation } from '../../functions/http/route.ts';
import { builtInConnectors } from '../../functions/wiring/record-systems.ts';
import { commonComponents } from './common-components.ts';
import { guide } from './guide.ts';
import { problemAnswers } from './problem-answers.ts';
import { problemsOf } from './problem-kinds.ts';

const Package = z.object({ version: z.string() });
const packageFile = path.resolve(import.meta.dirname, '../../package.json');

/** Every route extends `EmptyRequest`. */
interface RequestParts {
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType;
}

function partsOf({ id, request }: DescribedOperation): RequestParts {
  const { params, query, body } = request instanceof z.ZodObject ? request.shape : {};
  if (params instanceof z.ZodObject && query instanceof z.ZodObject && body instanceof z.ZodType) {
    return { params, query, body };
  }
  throw new Error(`The request of ${id} is not EmptyRequest or ListRequest, extended.`);
}

/** An object that takes no property is what requests without a body may send. */
function bodyOf({ body }: RequestParts, { example }: OperationText): ZodOpenApiRequestBodyObject | undefined {
  if (body.safeParse({}).success && !body.safeParse({ '?': 1 }).success && isEmpty(body)) return undefined;
  const content = { schema: body, ...(example !== undefined && { example }) };
  return { required: !body.safeParse(undefined).success, content: { 'application/json': content } };
}

function isEmpty(body: z.ZodType): boolean {
  const inner = body instanceof z.ZodOptional ? body.unwrap() : body;
  return inner instanceof z.ZodObject && Object.keys(inner.shape).length === 0;
}

function parametersOf({ method, ifMatch }: DescribedOperation) {
  return [
    ...(ifMatch ? [{ $ref: '#/components/parameters/If-Match' }] : []),
    ...(method === 'POST' ? [{ $ref: '#/components/parameters/Idempotency-Key' }] : []),
  ];
}

const headerNames = { etag: 'ETag', location: 'Location' } as const;

function headersOf({ method, csv }: DescribedOperation, { headers = [] }: OperationText) {
  const own = headers.map((name) => headerNames[name]);
  const names = [...own, ...(method === 'POST' ? ['Idempotent-Replayed'] : []), ...(csv ? ['Link'] : [])];
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const told: Readonly<Record<number, string>> = {
  200: 'Done, and this is how it is now.',
  201: 'Made, and this is how it is now.',
  202: 'Accepted: the work goes on after this answer.',
  302: 'Sends the browser on, to `Location`.',
  204: 'Done. The answer has no body.',
};

function csvContent(columns: readonly string[]) {
  const description = `UTF-8 with a byte order mark; columns: ${columns.join(', ')}. A cell that would be taken for a formula has an apostrophe before it.`;
  return { 'text/csv; charset=utf-8': { schema: { type: 'string' as const, description } } };
}

function successOf(route: DescribedOperation, text: OperationText) {
  const { status = 200, answer, csv } = route;
  return {
    description: route.method === 'GET' && status === 200 ? 'What was asked for.' : (told[status] ?? ''),
    headers: headersOf(route, text),
    ...(answer && { content: { 'application/json': { schema: answer }, ...(csv && csvContent(csv)) } }),
  };
}

function securityOf({ roles }: DescribedOperation) {
  return roles === 'public' ? [] : roles.map((role) => ({ apiKey: [role] }));
}

function rolesSentence({ roles }: DescribedOperation): string {
  return roles === 'public' ? '' : `\n\nRoles: ${roles.join(', ')}.`;
}

/** `/v1/sync-runs/{id}`: the id of a sync run. */
function withIdsTold(params: z.ZodObject, at: string): z.ZodObject {
  const [, things] = /([\w-]+)\/\{id\}/.exec(at) ?? [];
  const { id } = params.shape;
  if (!things || !(id instanceof z.ZodType)) return params;
  const thing = things.replace(/s$/, '').replaceAll('-', ' ').replace('api', 'API');
  return z.object({ ...params.shape, id: id.describe(`Id of the ${thing}.`) });
}

function operationObject(route: DescribedOperation, text: OperationText): ZodOpenApiOperationObject {
  const parts = partsOf(route);
  const parameters: ZodOpenApiParameters = {};
  if (Object.keys(parts.params.shape).length > 0) parameters.path = withIdsTold(parts.params, route.path);
  if (Object.keys(parts.query.shape).length > 0) parameters.query = parts.query;
  const common = parametersOf(route);
  return {
    operationId: route.id,
    tags: [text.tag],
    summary: text.summary,
    description: `${text.description}${text.order === undefined ? '' : ` ${text.order}`}${rolesSentence(route)}`,
    security: securityOf(route),
    requestParams: parameters,
    ...(common.length > 0 && { parameters: common }),
    requestBody: bodyOf(parts, text),
    responses: { [route.status ?? 200]: successOf(route, text), ...problemAnswers(problemsOf(route, text), route) },
  };
}

function textOf({ id }: DescribedOperation): OperationText {
  const text = new Map<string, OperationText>(Object.entries(operationTexts)).get(id);
  if (!text) throw new Error(`Operation ${id} has no text in functions/http/contract.`);
  return text;
}

/** `{name+}` of the registry takes slashes; to a client it is a name like any other. */
function pathOf(route: DescribedOperation): string {
  return route.path.replace('+}', '}');
}

/** Only the list of connectors names vendors: examples elsewhere hold these words in their place. */
const exampleKinds = new Map<unknown, string>([
  ['erp-kind', builtInConnectors.erp[0]?.kind ?? ''],
  ['crm-kind', builtInConnectors.crm[0]?.kind ?? ''],
]);

const exampleId = '01KB1Z6A4C8N1V5H9J2K7M3CNN';

const isPlainText = (part: unknown): part is { type: 'string' } =>
  typeof part === 'object' &&
  part !== null &&
  'type' in part &&
  part.type === 'string' &&
  !['examples', 'enum', 'const', 'format', 'pattern'].some((keyword) => keyword in part);

/** An id that shows no example of its own, so that examples of whole answers look like answers. */
function withExample(name: string, part: unknown): unknown {
  if (/^(id|holder|caller|createdBy|connectedBy|\w+Id)$/.test(name) && isPlainText(part)) {
    return { ...part, examples: [exampleId] };
  }
  if (!/Ids$|^openFailures$/.test(name) || typeof part !== 'object' || part === null || !('items' in part)) return part;
  return isPlainText(part.items) ? { ...part, items: { ...part.items, examples: [exampleId] } } : part;
}

export function openApiDocument(routes: readonly DescribedOperation[]): unknown {
  const { version } = Package.parse(JSON.parse(readFileSync(packageFile, 'utf8')));
  const byPath = Map.groupBy(routes, pathOf);
  const document = createDocument({
    openapi: '3.1.0',
    info: { title: 'ERP Sync', version, description: guide },
    servers: [{ url: '/', description: 'The service that this document was read from.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    components: commonComponents,
    paths: Object.fromEntries(
      [...byPath].map(([name, group]) => [
        name,
        Object.fromEntries(group.map((route) => [route.method.toLowerCase(), operationObject(route, textOf(route))])),
      ]),
    ),
  });
  return JSON.parse(JSON.stringify(document), (name, part) => exampleKinds.get(part) ?? withExample(name, part));
}
