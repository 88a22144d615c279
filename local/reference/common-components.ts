import type { ZodOpenApiComponentsObject, ZodOpenApiSchemaObject } from 'zod-openapi';
import { commonAnswers, problemSchema } from './problem-answers.ts';

const waitSeconds: ZodOpenApiSchemaObject = { type: 'integer', minimum: 1, examples: [5] };

/** What operations refer to, beside the schemas that have an id of their own. */
export const commonComponents: ZodOpenApiComponentsObject = {
  schemas: { Problem: problemSchema },
  responses: commonAnswers(),
  securitySchemes: {
    apiKey: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'esk_…',
      description: 'An API key of the tenant: `POST /v1/api-keys` makes one, the operator the first.',
    },
  },
  parameters: {
    'If-Match': {
      name: 'If-Match',
      in: 'header',
      required: true,
      description: 'The ETag of what you read and want to change; `*` for whatever is there.',
      schema: { type: 'string', minLength: 1, examples: ['"7"'] },
    },
    'Idempotency-Key': {
      name: 'Idempotency-Key',
      in: 'header',
      description:
        'Makes the request safe to repeat for 24 hours: a fresh random text for each thing you mean to do once.',
      schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$', examples: ['6f1c7a52-6d7a-4f0e-9a3e-2f6f0f6a1b7d'] },
    },
  },
  headers: {
    ETag: {
      required: true,
      description: 'The revision of the thing, for `If-Match`.',
      schema: { type: 'string', examples: ['"7"'] },
    },
    Location: {
      required: true,
      description: 'Where what was made, or the run that was started, can be read.',
      schema: { type: 'string', examples: ['/v1/sync-runs/01KB1ZC3W8P4T6N9R2V5X7YRUN'] },
    },
    'Idempotent-Replayed': {
      description: 'The answer was given before, to the same request with this Idempotency-Key.',
      schema: { type: 'string', const: 'true' },
    },
    Link: {
      description: 'Of a page as CSV that is not the last: where the next one is, as `<…>; rel="next"`.',
      schema: { type: 'string', examples: ['</v1/changes?cursor=eyJ…>; rel="next"'] },
    },
    'Retry-After': { required: true, description: 'Seconds to wait before the next try.', schema: waitSeconds },
    'Retry-After-If-Known': {
      description: 'Seconds to wait before the next try, where that would help.',
      schema: waitSeconds,
    },
    'WWW-Authenticate': {
      required: true,
      description: 'The scheme to use.',
      schema: { type: 'string', const: 'Bearer' },
    },
    Allow: {
      required: true,
      description: 'The methods that the path has.',
      schema: { type: 'string', examples: ['GET, POST'] },
    },
  },
};
