import * as z from 'zod';
import { route } from '../application-routes.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Document = z.looseObject({ openapi: z.string().describe('Version of OpenAPI.') }).meta({
  description: 'An OpenAPI 3.1 document.',
  examples: [{ openapi: '3.1.0', info: { title: 'ERP Sync', version: '0.1.0' }, paths: {} }],
});

export const contractRoutes = [
  route('readContract', {
    request: EmptyRequest,
    answer: Document,
    // Made of the schemas (local/reference/document.ts) and kept; a file of the bundle that only this loads.
    async handle() {
      const { default: document } = await import('../../../docs/openapi.json', { with: { type: 'json' } });
      return { body: document };
    },
  }),
];
