import { batches } from '../functions/core/batches.ts';
import { type Address, type Company, companies } from './seed/companies.ts';
import { countries } from './seed/countries.ts';
import { fullName, type Person, persons } from './seed/persons.ts';
import { type Project, projects } from './seed/projects.ts';
import { TRYTON_DATABASE, trytonAccounts } from './tryton-accounts.ts';
import { seedOddities } from './tryton-oddities.ts';
import { connectTryton, type TrytonRpc } from './tryton-rpc.ts';

/** Names that the connection's configuration refers to. */
const trytonNames = {
  customer: 'Customer',
  supplier: 'Supplier',
  person: 'Person',
  /** Relation from a person to the company. */
  contactOf: 'Contact person of',
  hasContact: 'Has contact person',
} as const;

/** What a customer does, for the first of them; the CRM has no business called Wholesale. */
const branches: Readonly<Record<string, { from: number; to: number }>> = {
  Retail: { from: 0, to: 12 },
  Transport: { from: 12, to: 20 },
  Wholesale: { from: 20, to: 23 },
};

const OWN_COMPANY = 'Noorderlicht Handel B.V.';
const BATCH = 100;

/** Fills a fresh database with the demo's company, users and records; the ids are the same each time. */
export async function seedTryton({ url }: { url: string }): Promise<void> {
  const rpc = await connectTryton({ url, database: TRYTON_DATABASE, ...trytonAccounts.admin });
  const ownCompany = await createOwnCompany(rpc);
  await createUsers(rpc, ownCompany);
  const countryIds = await createByKey(rpc, { model: 'country.country' }, [...countries.keys()], (code) => ({
    code,
    name: countries.get(code),
  }));
  const categoryIds = await createByKey(
    rpc,
    { model: 'party.category' },
    ['Customer', 'Supplier', 'Person', ...Object.keys(branches)],
    (name) => ({
      name,
    }),
  );
  const contactOf = await createRelationType(rpc);

  const companyIds = await createByKey(rpc, { model: 'party.party' }, companies, (company) =>
    asParty(
      company,
      countryIds.get(company.country),
      categoriesOf(company).map((name) => categoryIds.get(name)),
    ),
  );
  const companyId = (ref: string) => companyIds.get(companies.find((company) => company.ref === ref));
  const personIds = await createByKey(rpc, { model: 'party.party' }, persons, (person) =>
    asPersonParty(person, [categoryIds.get(trytonNames.person)]),
  );
  await createByKey(rpc, { model: 'party.relation.all' }, persons, (person) => ({
    from_: personIds.get(person),
    to: companyId(person.company),
    type: contactOf,
  }));
  const asWork = (project: Project) => ({
    ...asProject(project),
    party: companyId(project.company),
    company: ownCompany,
  });
  await createByKey(rpc, { model: 'project.work', context: { company: ownCompany } }, projects, asWork);
  const customer = { category: categoryIds.get(trytonNames.customer), country: countryIds.get('NL') };
  await seedOddities(rpc, customer);
  await rpc.logout();
}

function asParty(
  { name, code, vat, phone, email, url, postal, visiting }: Company,
  country: unknown,
  categories: unknown[],
) {
  const isOneAddress = postal.street === visiting.street && postal.zip === visiting.zip;
  const address = ({ street, zip, city }: Address, uses: object) => ({
    street,
    postal_code: zip,
    city,
    country,
    ...uses,
  });
  const addresses = isOneAddress
    ? [address(postal, { invoice: true, delivery: true })]
    : [address(postal, { invoice: true, delivery: false }), address(visiting, { invoice: false, delivery: true })];
  return {
    name,
    code,
    addresses: [['create', addresses]],
    contact_mechanisms: mechanisms({ phone, email, website: url }),
    identifiers: vat ? [['create', [{ type: 'eu_vat', code: vat }]]] : [],
    categories: [['add', categories]],
  };
}

function asPersonParty(person: Person, categories: unknown[]) {
  const { code, phone, mobile, email } = person;
  return {
    name: fullName(person),
    code,
    contact_mechanisms: mechanisms({ phone, mobile, email }),
    categories: [['add', categories]],
  };
}

function asProject({ name, description }: Project) {
  return { name, type: 'project', comment: description || null, timesheet_available: false };
}

const customersOnly = companies.filter(({ kind }) => kind === 'customer');

function branchesOf(company: Company): string[] {
  const at = customersOnly.indexOf(company);
  return Object.entries(branches).flatMap(([name, { from, to }]) => (at >= from && at < to ? [name] : []));
}

function categoriesOf(company: Company): string[] {
  const { kind } = company;
  if (kind === 'both') return [trytonNames.customer, trytonNames.supplier];
  return kind === 'customer' ? [trytonNames.customer, ...branchesOf(company)] : [trytonNames.supplier];
}

function mechanisms(values: Record<string, string>) {
  const filled = Object.entries(values).filter(([, value]) => value !== '');
  return filled.length > 0 ? [['create', filled.map(([type, value]) => ({ type, value }))]] : [];
}

async function createOwnCompany(rpc: TrytonRpc): Promise<number> {
  const rounding = { __class__: 'Decimal', decimal: '0.01' };
  const euro = { name: 'Euro', code: 'EUR', numeric_code: '978', symbol: '€', digits: 2, rounding };
  const [currency] = await rpc.call<number[]>('currency.currency', 'create', [[euro]]);
  const [party] = await rpc.call<number[]>('party.party', 'create', [[{ name: OWN_COMPANY, code: 'OWN' }]]);
  const [company] = await rpc.call<number[]>('company.company', 'create', [[{ party, currency }]]);
  if (company === undefined) throw new Error('Tryton made no company');
  await rpc.call('res.user', 'write', [[rpc.userId], { companies: [['add', [company]]], company }]);
  return company;
}

async function createUsers(rpc: TrytonRpc, company: number): Promise<void> {
  // What it takes to write projects; parties are open to every user.
  const groups = await rpc.call<number[]>('res.group', 'search', [
    [['name', '=', 'Project Administration']],
    0,
    1,
    null,
  ]);
  const user = ({ user: login, password }: { user: string; password: string }, name: string) => ({
    ...{ login, password, name, company },
    companies: [['add', [company]]],
    groups: [['add', groups]],
  });
  await rpc.call('res.user', 'create', [
    [user(trytonAccounts.connection, 'ERP Sync'), user(trytonAccounts.person, 'Sofia Administratie')],
  ]);
}

async function createRelationType(rpc: TrytonRpc): Promise<number | undefined> {
  const [contactOf, hasContact] = await rpc.call<number[]>('party.relation.type', 'create', [
    [{ name: trytonNames.contactOf }, { name: trytonNames.hasContact }],
  ]);
  await rpc.call('party.relation.type', 'write', [[contactOf], { reverse: hasContact }]);
  await rpc.call('party.relation.type', 'write', [[hasContact], { reverse: contactOf }]);
  return contactOf;
}

/** Creates a record per item in batches; answers the ids by item. */
async function createByKey<Item>(
  rpc: TrytonRpc,
  { model, context = {} }: { readonly model: string; readonly context?: Record<string, unknown> },
  items: readonly Item[],
  values: (item: Item) => object,
): Promise<Map<Item | undefined, number>> {
  const ids = new Map<Item | undefined, number>();
  for (const batch of batches(items, BATCH)) {
    const created = await rpc.call<number[]>(model, 'create', [batch.map(values)], context);
    for (const [index, item] of batch.entries()) ids.set(item, created[index] ?? 0);
  }
  return ids;
}
