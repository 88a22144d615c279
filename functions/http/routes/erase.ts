import * as z from 'zod';
import { eraseRecord } from '../../features/links/erase-record.ts';
import { route } from '../application-routes.ts';
import { CrmTypeInPath, RecordKey } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Count = z.number().int();

export const eraseRoutes = [
  route('eraseRecord', {
    request: EmptyRequest.extend({ params: z.strictObject({ crmType: CrmTypeInPath, crmId: RecordKey }) }),
    answer: z.object({
      links: Count,
      changes: Count,
      failures: Count,
      conflicts: Count,
      /** False: the same request goes on with what is left. */
      complete: z.boolean(),
    }),
    handle: async (app, { caller, params }) => ({
      body: await eraseRecord(app, caller, { crmType: params.crmType, crmKey: params.crmId }),
    }),
  }),
];
