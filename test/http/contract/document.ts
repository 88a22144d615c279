/** docs/openapi.json as a client reads it, with a validator for each schema in it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface Schema {
  readonly $ref?: string;
  readonly [keyword: string]: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface AnswerObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: Schema }>>;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, AnswerObject>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, AnswerObject>>;
  };
}

export const documentFile = path.resolve(import.meta.dirname, '../../../docs/openapi.json');
export const document: OpenApi = JSON.parse(readFileSync(documentFile, 'utf8'));

/** What a pointer of the document leads to. */
export function at(pointer: string): unknown {
  let part: unknown = document;
  for (const name of pointer.replace('#/', '').split('/')) {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    part = Object.entries(part ?? {}).find(([known]) => known === key)?.[1];
  }
  if (part === undefined) throw new Error(`docs/openapi.json has no ${pointer}.`);
  return part;
}

/** Itself, or what it refers to. */
export function resolved<T extends object>(part: T): T {
  return '$ref' in part && typeof part.$ref === 'string' ? resolved(at(part.$ref) as T) : part;
}

const name = 'openapi.json';
const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: false, logger: false });
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
ajv.addFormat('date-time', (text: string) => instant.test(text) && !Number.isNaN(Date.parse(text)));
ajv.addSchema(document, name);

const validators = new WeakMap<object, ValidateFunction>();

/** Of a schema of the document; its references lead into the document. */
function validator(schema: Schema): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const text = JSON.stringify(schema, (key, value) => (key === '$ref' ? `${name}${value}` : value));
  const made = ajv.compile(JSON.parse(text));
  validators.set(schema, made);
  return made;
}

/** What is wrong, or nothing. */
export function faultOf(schema: Schema, value: unknown): string | undefined {
  const validate = validator(schema);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}
