import * as z from 'zod';
import { eraseRecord } from '../../features/links/erase-record.ts';
import { route } from '../application-routes.ts';
import { CrmTypeInAnyCase, RecordKey } from '../schemas/common.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const Count = z.number().int();

export const eraseRoutes = [
  route('eraseRecord', {
    request: EmptyRequest.extend({ params: z.strictObject({ crmType: CrmTypeInAnyCase, crmId: RecordKey }) }),
    answer: z.object({
      links: Count.describe('Links that were disconnected, without their values.'),
      changes: Count.describe('Entries of the log that lost their values.'),
      failures: Count.describe('Failures that are gone.'),
      conflicts: Count.describe('Conflicts that are gone.'),
      complete: z.boolean().describe('False: send the same request again, it goes on with what is left.'),
    }),
    handle: async (app, { caller, params }) => ({
      body: await eraseRecord(app, caller, { crmType: params.crmType, crmKey: params.crmId }),
    }),
  }),
];
