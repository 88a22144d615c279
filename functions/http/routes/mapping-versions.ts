import * as z from 'zod';
import { SetUpChange } from '../../core/model/audit.ts';
import { MappingVersion } from '../../core/model/mapping-version.ts';
import {
  listMappingVersions,
  readMappingVersion,
  restoreMappingVersion,
} from '../../features/mappings/mapping-versions.ts';
import { list, route } from '../application-routes.ts';
import { EmptyRequest, ListRequest } from '../schemas/requests.ts';
import { MappingParams, MappingView } from './mappings.ts';

const VersionNumber = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'Must be the number of a version, from 1')
  .transform(Number);

const VersionHead = MappingVersion.pick({ number: true, at: true, by: true, changed: true, restores: true });

const VersionView = MappingVersion.omit({ tenantId: true, connectionId: true, changed: true }).extend({
  comparedWith: z
    .number()
    .optional()
    .describe('The version that the changes are told against; absent: there was none before.'),
  changes: z.array(SetUpChange).describe('Every part that differs.'),
});

const VersionParams = MappingParams.extend({ number: VersionNumber });

export const mappingVersionRoutes = [
  list('listMappingVersions', {
    request: ListRequest.extend({ params: MappingParams }),
    item: VersionHead,
    handle: (app, { caller, params, page }) =>
      listMappingVersions(app, { ...caller, connectionId: params.id, actorType: params.type }, page),
  }),
  route('readMappingVersion', {
    request: EmptyRequest.extend({
      params: VersionParams,
      query: z.strictObject({ compareWith: VersionNumber.optional() }),
    }),
    answer: VersionView,
    async handle(app, { caller, params, query }) {
      const of = { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type };
      return { body: await readMappingVersion(app, of, params.number, query.compareWith) };
    },
  }),
  route('restoreMappingVersion', {
    request: EmptyRequest.extend({ params: VersionParams }),
    answer: MappingView,
    async handle(app, { caller, params }) {
      const of = { tenantId: caller.tenantId, connectionId: params.id, actorType: params.type };
      const mapping = await restoreMappingVersion(app, caller, of, params.number);
      return { body: mapping, revision: mapping.revision };
    },
  }),
];
