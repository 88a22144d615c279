import * as z from 'zod';
import { route } from '../application-routes.ts';
import { EmptyRequest } from '../schemas/requests.ts';

export const healthRoutes = [
  route('checkHealth', {
    request: EmptyRequest,
    answer: z.object({ status: z.literal('ok').describe('It is there.') }),
    handle: async () => ({ body: { status: 'ok' } }),
  }),
];
