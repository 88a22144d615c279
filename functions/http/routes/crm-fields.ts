import * as z from 'zod';
import { FieldMetadata } from '../../core/model/field.ts';
import { listCrmFields } from '../../features/mappings/remote-metadata.ts';
import { list } from '../application-routes.ts';
import { CrmTypeInAnyCase } from '../schemas/common.ts';
import { ListRequest } from '../schemas/requests.ts';

export const crmFieldRoutes = [
  list('listCrmFields', {
    request: ListRequest.extend({ params: z.strictObject({ crmType: CrmTypeInAnyCase }) }),
    item: FieldMetadata,
    handle: (app, { caller, params, page }) => listCrmFields(app, caller.tenantId, params.crmType, page),
  }),
];
