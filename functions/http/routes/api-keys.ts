import * as z from 'zod';
import { ApiKey } from '../../core/model/api-key.ts';
import { issueApiKey, revokeApiKey } from '../../features/api-keys/api-keys.ts';
import { list, route } from '../application-routes.ts';
import { Instant, Name } from '../schemas/common.ts';
import { EmptyRequest, ListRequest, RequestById } from '../schemas/requests.ts';

const NewKey = z.strictObject({ name: Name, role: z.enum(['admin', 'service']), expiresAt: Instant.optional() });
const KeyView = ApiKey.omit({ tenantId: true, secretHash: true, revision: true });

export const apiKeyRoutes = [
  list('listApiKeys', {
    request: ListRequest,
    item: KeyView,
    handle: (app, { caller, page }) => app.apiKeys.list(caller.tenantId, page),
  }),
  route('issueApiKey', {
    request: EmptyRequest.extend({ body: NewKey }),
    answer: KeyView.extend({ key: z.string() }),
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
