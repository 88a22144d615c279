import * as z from 'zod';
import type { FieldFault } from '../../core/errors.ts';
import { type ConfigInput, ConfigValue, FieldsSent } from '../../core/mapping/config-values.ts';
import { ConflictPolicy } from '../../core/merge/policy.ts';
import { At } from '../../core/model/at.ts';
import { ErpTab, everyone } from '../../core/model/scope.ts';
import type { Application } from '../../features/application.ts';
import {
  crmFaults,
  readTenant,
  saveTenant,
  type TenantView,
  testTenant,
} from '../../features/tenants/tenant-settings.ts';
import { route } from '../application-routes.ts';
import { asRead } from '../schemas/as-read.ts';
import { HttpAddress, Ok } from '../schemas/common.ts';
import { configForm } from '../schemas/config-form.ts';
import { PeopleIds } from '../schemas/connections.ts';
import { EmptyRequest } from '../schemas/requests.ts';

/** Kind and address, and flat beside them the settings that the kind declares. */
const CrmSettings = FieldsSent.pipe(
  z
    // Whether there is such a kind is told by `faults`, with those that there are.
    .object({ kind: z.string().catch(''), address: HttpAddress })
    .catchall(ConfigValue)
    .transform(({ kind, address, ...config }) => ({ kind, address, config })),
).meta({
  description: 'The kind of CRM, its address, and flat beside them the settings that the kind needs.',
  examples: [
    {
      kind: 'crm-kind',
      address: 'https://crm.example.com',
      clientId: 'app-1',
      systemToken: 'Cust12345-abcdefgh',
      clientSecret: { set: true },
      privateKey: { set: true },
    },
  ],
  // The pipe would show nothing but that something is sent.
  override: {
    ...configForm,
    required: ['kind', 'address'],
    properties: {
      kind: { type: 'string', description: 'The kind of CRM.' },
      address: { type: 'string', maxLength: 500, description: 'An https address.' },
    },
  },
});

const ErpTabInput = z
  .union(
    [
      z.literal(everyone),
      z.strictObject({ groups: PeopleIds.describe('Ids of groups in the CRM (`GET /v1/crm/groups`).') }),
    ],
    { error: 'Must be "everyone", or {"groups": […]} with ids of the CRM' },
  )
  .meta({ description: 'Who has the ERP tab; administrators of the CRM always do.', examples: [{ groups: ['2'] }] });

const TenantSettings = z.strictObject({
  crm: CrmSettings.optional(),
  defaultConflictPolicy: ConflictPolicy,
  retentionDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .meta({ description: 'How long the log of changes is kept.', examples: [90] }),
  erpTab: ErpTabInput.default(everyone),
});

const TenantInput = TenantSettings.extend(asRead('id', 'crmContext', 'createdAt'));

const CrmView = z
  .object({ kind: z.string(), address: z.string().describe('Where it is.') })
  .catchall(ConfigValue)
  .meta({
    description: 'The kind of CRM, its address, and its settings; secrets as `{"set": true}`.',
    examples: [{ kind: 'crm-kind', address: 'https://crm.example.com', systemToken: { set: true } }],
  });

const TenantAnswer = z
  .object({
    id: z.string(),
    crmContext: z.string().meta({ description: "The CRM's own name for the tenant.", examples: ['Cust12345'] }),
    crm: CrmView.optional().describe('Absent: not set up yet.'),
    defaultConflictPolicy: ConflictPolicy,
    retentionDays: z.number().meta({ description: 'How long the log of changes is kept.', examples: [90] }),
    erpTab: ErpTab,
    createdAt: At,
  })
  .meta({ id: 'Tenant', description: 'What holds for all connections of the tenant.' });

const SentCrm = z.object({ crm: FieldsSent.pipe(z.looseObject({ kind: z.string().catch('') })) });

/** Values of no possible form are left to the schema. */
function faults(app: Application, body: unknown): FieldFault[] {
  const sent = SentCrm.safeParse(body);
  if (!sent.success) return [];
  const { kind, address: _address, ...given } = sent.data.crm;
  const config: ConfigInput = {};
  const misformed = new Set<string>();
  for (const [key, value] of Object.entries(given)) {
    const formed = ConfigValue.safeParse(value);
    if (formed.success) config[key] = formed.data;
    else misformed.add(`crm.${key}`);
  }
  return crmFaults(app, { kind, config }).filter(({ path }) => !misformed.has(path));
}

function answerOf({ crm, ...rest }: TenantView): object {
  return crm ? { ...rest, crm: { kind: crm.kind, address: crm.address, ...crm.config } } : rest;
}

export const tenantRoutes = [
  route('readTenant', {
    request: EmptyRequest,
    answer: TenantAnswer,
    async handle(app, { caller }) {
      const tenant = await readTenant(app, caller.tenantId);
      return { body: answerOf(tenant), revision: tenant.revision };
    },
  }),
  route('saveTenant', {
    request: EmptyRequest.extend({ body: TenantInput }),
    faults,
    answer: TenantAnswer,
    async handle(app, { caller, ifMatch, body }) {
      const { id, crmContext, createdAt, ...settings } = body;
      const tenant = await saveTenant(app, caller, ifMatch, { ...settings, read: { id, crmContext, createdAt } });
      return { body: answerOf(tenant), revision: tenant.revision };
    },
  }),
  route('testTenant', {
    request: EmptyRequest.extend({
      body: z.strictObject({ crm: CrmSettings.optional().describe('Absent: those that are stored.') }).default({}),
    }),
    faults,
    answer: Ok,
    async handle(app, { caller, body }) {
      await testTenant(app, caller.tenantId, body.crm);
      return { body: { ok: true } };
    },
  }),
];
