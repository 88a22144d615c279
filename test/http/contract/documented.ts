/** Whether an answer is one that docs/openapi.json allows; every answer of the API in memory is asked. */
import { type AnswerObject, document, faultOf, type OperationObject, resolved } from './document.ts';

export interface Exchange {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly path: string;
  /** As it was sent, where it was. */
  readonly body: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: unknown;
}

interface Place {
  readonly template: string;
  readonly pattern: RegExp;
  readonly operations: Readonly<Record<string, OperationObject>>;
}

/** An ERP key may hold slashes. */
function patternOf(template: string): RegExp {
  const escaped = template.replaceAll('.', '\\.');
  return new RegExp(`^${escaped.replace('{erpKey}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`, 's');
}

const places: readonly Place[] = Object.entries(document.paths)
  .map(([template, operations]) => ({ template, pattern: patternOf(template), operations }))
  .toSorted((one, other) => one.template.split('{').length - other.template.split('{').length);

/** The operation that answers; nothing where the path or its method is in no document. */
function operationAt(method: string, path: string): OperationObject | undefined {
  const [pathname = ''] = path.split('?', 1);
  const matching = places.filter(({ pattern }) => pattern.test(pathname));
  const [found] = matching.flatMap(({ operations }) => operations[method.toLowerCase()] ?? []);
  return found;
}

function answerObject(exchange: Exchange): AnswerObject | undefined {
  const operation = operationAt(exchange.method, exchange.path);
  const { NotFound, MethodNotAllowed } = document.components.responses;
  const elsewhere: Readonly<Record<string, AnswerObject | undefined>> = { 404: NotFound, 405: MethodNotAllowed };
  const answer = (operation?.responses ?? elsewhere)[exchange.status];
  return answer && resolved(answer);
}

function headerFaults({ headers = {} }: AnswerObject, sent: Exchange['headers']): string[] {
  const faults = Object.entries(headers).flatMap(([name, referred]) => {
    const { required, schema } = resolved(referred);
    const value = sent[name.toLowerCase()];
    if (value === undefined) return required ? [`header ${name} is missing`] : [];
    const fault = faultOf(schema, schema.type === 'integer' ? Number(value) : value);
    return fault ? [`header ${name}: ${fault}`] : [];
  });
  const documented = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const undocumented = Object.keys(sent).filter(
    (name) => !documented.has(name) && name !== 'content-type' && name !== 'cache-control',
  );
  return [...faults, ...undocumented.map((name) => `header ${name} is in no document`)];
}

/** What is in the answer that the document does not allow. */
export function undocumentedIn(exchange: Exchange): string[] {
  const answer = answerObject(exchange);
  if (!answer) return [`status ${exchange.status} is in no document`];
  const type = String(exchange.headers['content-type'] ?? '');
  const media = answer.content?.[type];
  if (!media) {
    const isEmpty = !answer.content && exchange.json === undefined;
    return isEmpty ? headerFaults(answer, exchange.headers) : [`an answer of type ${type || 'none'}`];
  }
  const fault = faultOf(media.schema, exchange.json);
  return [...(fault ? [`body: ${fault}`] : []), ...headerFaults(answer, exchange.headers)];
}

/** Actor types are documented in lower case and taken in any. */
function inLowerCase(key: string, value: unknown): unknown {
  return key === 'actorType' && typeof value === 'string' ? value.toLowerCase() : value;
}

/** What is in a request that was taken although the document does not allow it. */
export function undocumentedBodyOf({ method, path, body, status }: Exchange): string[] {
  if (status >= 300) return [];
  const { requestBody } = operationAt(method, path) ?? {};
  if (!requestBody) return [];
  const sent = body?.trim() ? JSON.parse(body, inLowerCase) : undefined;
  if (sent === undefined) return requestBody.required ? ['a body is missing that must be there'] : [];
  const media = requestBody.content['application/json'];
  const fault = media && faultOf(media.schema, sent);
  return fault ? [`the body that was sent: ${fault}`] : [];
}
