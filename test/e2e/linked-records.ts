import { expect } from 'vitest';
import type { ActorType } from '../../functions/core/model/actor-type.ts';
import type { CrmEdit } from './crm-door.ts';
import { ended } from './runs.ts';
import type { NewParty } from './tryton-person.ts';
import type { World } from './world.ts';

export interface Pair {
  actorType: ActorType;
  erpKey: string;
  crmKey: string;
  choices?: { erpField: string; crmField: string; keep: 'crm' | 'erp'; fingerprint: string }[];
}

export interface Connected {
  runId: string;
  items: { result: string; linkId: string }[];
}

export function connect(
  { api, connectionId }: Pick<World, 'api' | 'connectionId'>,
  pairs: readonly Pair[],
): Promise<Connected> {
  return api.post<Connected>('/v1/links', { connectionId, pairs });
}

/** A party of Tryton and a company of the CRM that are linked and in agreement. */
export interface LinkedCompany {
  partyId: number;
  companyId: number;
  linkId: string;
}

let made = 0;

/** Unlike those of any other test: all of them work in the same Tryton. */
export function freshName(what: string): string {
  made += 1;
  return `${what} ${process.pid}-${made}`;
}

export function companyValues(name: string): NewParty & Required<Pick<NewParty, 'street' | 'zip' | 'city'>> {
  return {
    ...{ name, phone: '+31 20 123 4567', email: 'info@before.example', website: 'https://before.example' },
    ...{ street: 'Kade 1', zip: '1012 LG', city: 'Amsterdam' },
  };
}

/** The same company on both sides, not linked yet. */
export async function twoCompanies(
  world: Pick<World, 'crm' | 'erp'>,
  what: string,
  crmDiffers: CrmEdit = {},
): Promise<Omit<LinkedCompany, 'linkId'>> {
  const values = companyValues(freshName(what));
  const partyId = await world.erp.createParty('Customer', values);
  const { code } = await world.erp.party(partyId);
  const address = { line1: values.street, zip: values.zip, city: values.city };
  const { id: companyId } = await world.crm.create('company', {
    ...{ name: values.name, code, phone: values.phone, email: values.email, url: values.website, country: 'NL' },
    ...{ postal: address, street: address },
    ...crmDiffers,
  });
  return { partyId, companyId };
}

export function customerPair({ partyId, companyId }: Omit<LinkedCompany, 'linkId'>): Pair {
  return { actorType: 'customer', erpKey: String(partyId), crmKey: String(companyId) };
}

/** Made on both sides, connected, and brought into agreement by the first sync. */
export async function linkedCompanies(world: World, what: string, count: number): Promise<LinkedCompany[]> {
  const companies = [];
  for (let at = 0; at < count; at += 1) companies.push(await twoCompanies(world, what));
  const { runId, items } = await connect(world, companies.map(customerPair));
  expect(await ended(world, runId)).toMatchObject({ state: 'done', counters: { lookedAt: count, failed: 0 } });
  return companies.map((company, at) => ({ ...company, linkId: items[at]?.linkId ?? '' }));
}

export async function linkedCompany(world: World, what: string): Promise<LinkedCompany> {
  const [company] = await linkedCompanies(world, what, 1);
  if (!company) throw new Error('No company was linked');
  return company;
}
