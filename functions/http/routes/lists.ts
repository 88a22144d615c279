import * as z from 'zod';
import { ListItem } from '../../core/model/field.ts';
import { listCrmItems, listErpItems } from '../../features/mappings/remote-metadata.ts';
import { list, userList } from '../application-routes.ts';
import { FieldName, Id } from '../schemas/common.ts';
import { ListRequest } from '../schemas/requests.ts';

export const listRoutes = [
  userList('listErpItems', {
    request: ListRequest.extend({ params: z.strictObject({ id: Id, name: FieldName }) }),
    item: ListItem,
    touches: ({ params }) => ({ kind: 'connection', connectionId: params.id }),
    handle: (app, { caller, params: { id, name }, language, page }) =>
      listErpItems(app, { tenantId: caller.tenantId, connectionId: id }, { name, language }, page),
  }),
  list('listCrmItems', {
    request: ListRequest.extend({ params: z.strictObject({ name: FieldName }) }),
    item: ListItem,
    handle: (app, { caller, params: { name }, language, page }) =>
      listCrmItems(app, caller.tenantId, { name, language }, page),
  }),
];
