import type {
  ZodOpenApiHeadersObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
  ZodOpenApiSchemaObject,
} from 'zod-openapi';
import { answersByKind } from '../../functions/http/chain/problem-details.ts';
import type { Operation } from '../../functions/http/registry.ts';
import { meanings, type ProblemType, statusOf } from './problem-kinds.ts';

const Fault: ZodOpenApiSchemaObject = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'message'],
  properties: {
    path: {
      type: 'string',
      description:
        'Where, as a caller writes it: `pairs[0].actorType` in the body, `query.limit`, `header.Idempotency-Key`.',
      examples: ['pairs[0].actorType'],
    },
    message: {
      type: 'string',
      description: 'What would be right there.',
      examples: ['Must be one of customer, supplier, partner, person, project'],
    },
  },
};

/** What every refusal looks like (RFC 9457). */
export const problemSchema: ZodOpenApiSchemaObject = {
  type: 'object',
  description: 'Why a request was not answered as asked (RFC 9457). Decide by `type`: its words never change.',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: {
      type: 'string',
      enum: Object.keys(meanings),
      description: `A stable word.\n\n${Object.entries(meanings)
        .map(([type, meaning]) => `- \`${type}\` (${statusOf(type as ProblemType)}): ${meaning}`)
        .join('\n')}`,
      examples: ['invalid'],
    },
    title: { type: 'string', description: 'The type in words, for people.', examples: ['The request is not valid'] },
    status: { type: 'integer', description: 'The HTTP status.', examples: [400] },
    detail: {
      type: 'string',
      description: 'What was met in this request, for people; it may be worded otherwise tomorrow.',
      examples: ['The request has faults; each is listed.'],
    },
    instance: {
      type: 'string',
      description: 'The id of the request: what operators find it by in their log.',
      examples: ['JKJaXmPLvHcESHA='],
    },
    explanation: {
      type: 'string',
      description: 'The own words of the CRM or ERP that refused or failed.',
      examples: ['Wrong user or password'],
    },
    errors: { type: 'array', items: Fault, description: 'Every fault of the request at once, up to 100.' },
    id: {
      type: 'string',
      description:
        'Only of a repeated request that made a secret: the id of what it made, for the secret was shown once.',
      examples: ['01KB1Z5P9V6M2T8Q4R7X3Y0KEY'],
    },
  },
};

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });

function headersOf(status: number): ZodOpenApiHeadersObject | undefined {
  switch (status) {
    case 401:
      return { 'WWW-Authenticate': header('WWW-Authenticate') };
    case 405:
      return { Allow: header('Allow') };
    case 409:
    case 422:
      return { 'Retry-After': header('Retry-After-If-Known') };
    case 429:
    case 503:
      return { 'Retry-After': header('Retry-After') };
    default:
      return undefined;
  }
}

function titleOf(type: ProblemType): string {
  if (type === 'too-many-requests') return 'Too many requests';
  return type === 'method-not-allowed' ? 'Method not allowed' : answersByKind[type].title;
}

/** One status with the types that it can be of, each with what it means. */
function problemAnswer(status: number, types: ReadonlyMap<ProblemType, string>): ZodOpenApiResponseObject {
  const told = [...types].map(([type, meaning]) => (types.size === 1 ? meaning : `- \`${type}\`: ${meaning}`));
  const names = [...types.keys()];
  return {
    description: told.join('\n'),
    headers: headersOf(status),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { type: { enum: names }, status: { const: status } } },
          ],
        },
        examples: Object.fromEntries(
          names.map((type) => [
            type,
            {
              value: {
                type,
                title: titleOf(type),
                status,
                detail: plain(types.get(type) ?? ''),
                instance: 'JKJaXmPLvHcESHA=',
              },
            },
          ]),
        ),
      },
    },
  };
}

function plain(text: string): string {
  return text.replaceAll('`', '').split(/(?<=[.])\s/)[0] ?? '';
}

/** An answer that holds a secret is not kept: a repeated request is told so by a problem. */
function replayedAs(answer: ZodOpenApiResponseObject): ZodOpenApiResponseObject {
  return { ...answer, headers: { ...answer.headers, 'Idempotent-Replayed': header('Idempotent-Replayed') } };
}

/** By status, those that mean the same everywhere by reference. */
export function problemAnswers(
  problems: ReadonlyMap<ProblemType, string>,
  { replay }: Pick<Operation, 'replay'>,
): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(problems, ([type]) => statusOf(type));
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => {
      const isCommon = types.every(([type, meaning]) => meaning === meanings[type]);
      const name = commonNames.get(types.map(([type]) => type).join());
      if (isCommon && name) return [status, { $ref: `#/components/responses/${name}` }];
      const answer = problemAnswer(status, new Map(types));
      return [status, replay === 'refuse' && status === 409 ? replayedAs(answer) : answer];
    }),
  );
}

const common: Readonly<Record<string, readonly ProblemType[]>> = {
  Invalid: ['invalid'],
  Unauthenticated: ['unauthenticated'],
  Forbidden: ['forbidden'],
  NotFound: ['not-found'],
  MethodNotAllowed: ['method-not-allowed'],
  ChangedSinceRead: ['precondition'],
  ChangedMeanwhile: ['stale'],
  TooLarge: ['too-large'],
  IfMatchMissing: ['precondition-required'],
  TooManyRequests: ['too-many-requests'],
  Defect: ['defect'],
  Unavailable: ['throttled', 'transient', 'unknown-outcome'],
  OutOfTime: ['out-of-time'],
};
const commonNames = new Map(Object.entries(common).map(([name, types]) => [types.join(), name]));

/** For the components of the document. */
export function commonAnswers(): Record<string, ZodOpenApiResponseObject> {
  return Object.fromEntries(
    Object.entries(common).map(([name, types]) => [
      name,
      problemAnswer(statusOf(types[0] ?? 'defect'), new Map(types.map((type) => [type, meanings[type]]))),
    ]),
  );
}
