import * as z from 'zod';
import { ApiKey } from '../../core/model/api-key.ts';
import { issueApiKey, revokeApiKey } from '../../features/api-keys/api-keys.ts';
import { list, route } from '../application-routes.ts';
import { Instant, Name } from '../schemas/common.ts';
import { EmptyRequest, ListRequest, RequestById } from '../schemas/requests.ts';

const NewKey = z.strictObject({
  name: Name,
  role: z.enum(['admin', 'service']).describe('`admin` sets up; `service` links, triggers and reads.'),
  expiresAt: Instant.optional().describe('From when on it is refused; without it, never.'),
});
const KeyView = ApiKey.omit({ tenantId: true, secretHash: true, revision: true }).meta({
  id: 'ApiKey',
  description: 'A credential of a service, without its secret.',
});
const ShownKey = KeyView.extend({
  key: z
    .string()
    .meta({ description: 'The key itself, shown this once.', examples: ['esk_01KB1Z2_01KB1Z5P_k9w2v7x4m1q8'] }),
}).meta({ id: 'NewApiKey', description: 'A key that was just made.' });

export const apiKeyRoutes = [
  list('listApiKeys', {
    request: ListRequest,
    item: KeyView,
    handle: (app, { caller, page }) => app.apiKeys.list(caller.tenantId, page),
  }),
  route('issueApiKey', {
    request: EmptyRequest.extend({ body: NewKey }),
    answer: ShownKey,
    handle: async (app, { caller, body }) => ({ body: await issueApiKey(app, caller, body) }),
  }),
  route('revokeApiKey', {
    request: RequestById,
    async handle(app, { caller, params }) {
      await revokeApiKey(app, caller, params.id);
      return {};
    },
  }),
];
