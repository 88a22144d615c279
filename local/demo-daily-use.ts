import { setTimeout as sleep } from 'node:timers/promises';
import type { CrmType } from '../functions/core/model/actor-type.ts';
import type { ApiClient } from './api-client.ts';
import { waitForRuns } from './demo-runs.ts';
import { editInCrm } from './edit-in-crm.ts';
import { crmSeed } from './seed/crm-seed.ts';
import type { DemoSystem } from './system.ts';
import type { Tell } from './tell.ts';
import { TRYTON_DATABASE, trytonAccounts } from './tryton-accounts.ts';
import { connectTryton, type TrytonRpc } from './tryton-rpc.ts';

/** Records of the seed, by name: none of them differs at the first sync, or is a customer of the branch. */
const records = {
  deleted: 'Weber Druckguss GmbH',
  calledTwice: 'Brouwer Drukkerij B.V.',
  longPostcode: 'Mertens Drukwerk NV',
  project: 'Warehouse extension Amersfoort',
} as const;

const edits = {
  earlierPhone: '+31 20 382 5910',
  laterPhone: '+31 20 382 5911',
  /** The CRM's postcodes have 11 characters. */
  postcode: '9051, postbus 12',
  comment: 'Phase 1 of 2, fixed price, as agreed by phone',
} as const;

/** Edits that are closer than the clocks can tell are decided by the policy's fallback. */
const APART_MS = 4_000;

interface Link {
  id: string;
  crmType: CrmType;
  crmKey: string;
  erpKey: string;
}

/**
 * What people do on the days after: a party is deleted in the ERP, a phone number is edited on both sides, a postcode is
 * too long for the CRM, and the CRM edits a text that goes one way. Polls must not come between the edits.
 */
export async function playDailyUse(
  { api, connectionId }: { readonly api: ApiClient; readonly connectionId: string },
  { crm, endpoints }: DemoSystem,
  tell: Tell,
): Promise<void> {
  const linkOf = async (crmType: CrmType, name: string): Promise<Link> => {
    const [link] = await api.all<Link>('/v1/links', { connectionId, crmType, crmKey: keyInCrm(crmType, name) });
    if (!link) throw new Error(`The ${crmType} ${name} of the demo has no link.`);
    return link;
  };
  const deleted = await linkOf('company', records.deleted);
  const calledTwice = await linkOf('company', records.calledTwice);
  const longPostcode = await linkOf('company', records.longPostcode);
  const project = await linkOf('project', records.project);

  await editInCrm(crm.controlUrl, calledTwice, { phone: edits.earlierPhone });
  const later = sleep(APART_MS);
  await editInCrm(crm.controlUrl, project, { description: edits.comment });
  const { person } = trytonAccounts;
  const rpc = await connectTryton({ url: endpoints.erp.url, database: TRYTON_DATABASE, ...person });
  await rpc.call('party.party', 'delete', [[Number(deleted.erpKey)]]);
  await write(rpc, longPostcode, 'party.address', { where: ['invoice', '=', true], postal_code: edits.postcode });
  await later;
  await write(rpc, calledTwice, 'party.contact_mechanism', { where: ['type', '=', 'phone'], value: edits.laterPhone });
  await rpc.logout();

  const linkIds = [deleted, calledTwice, longPostcode, project].map(({ id }) => id);
  const scope = { kind: 'links', linkIds };
  const { id } = await api.post<{ id: string }>('/v1/sync-runs', { kind: 'sync', connectionId, scope });
  await waitForRuns(api, [id], linkIds.length, tell);
  tell.step('Four records were edited as in daily use: see what came of it below');
}

/** Of the text that goes one way. */
export function keyOfEditedProject(): string {
  return keyInCrm('project', records.project);
}

/** The seed gives the keys. */
function keyInCrm(crmType: CrmType, name: string): string {
  const { companies, projects } = crmSeed();
  return String((crmType === 'project' ? projects : companies).find((one) => one.name === name)?.id ?? '');
}

/** Writes the one row of a party that is meant. */
async function write(
  rpc: TrytonRpc,
  { erpKey }: Link,
  model: string,
  { where, ...values }: { where: [string, string, unknown]; [column: string]: unknown },
): Promise<void> {
  const rows = await rpc.call<number[]>(model, 'search', [[['party', '=', Number(erpKey)], where], 0, 1, null]);
  await rpc.call(model, 'write', [rows, values]);
}
