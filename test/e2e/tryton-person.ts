import { randomUUID } from 'node:crypto';
import { trytonAccounts } from '../../local/tryton-accounts.ts';
import { connectTryton, type TrytonRpc } from '../../local/tryton-rpc.ts';

interface Row {
  id: number;
  _timestamp: string;
}

interface PartyRow extends Row {
  name: string;
  code: string;
  'addresses.': (Row & { street: string | null; postal_code: string | null; city: string | null })[];
  'contact_mechanisms.': (Row & { type: string; value: string })[];
  'identifiers.': (Row & { code: string })[];
}

/** A party as people see it in Tryton; `phone` and such are its first contact mechanism of that type. */
interface Party {
  name: string;
  code: string;
  phone: string | undefined;
  mobile: string | undefined;
  email: string | undefined;
  website: string | undefined;
  vat: string | undefined;
  street: string | null | undefined;
  zip: string | null | undefined;
  city: string | null | undefined;
}

export interface NewParty {
  name: string;
  phone?: string;
  mobile?: string;
  email?: string;
  website?: string;
  street?: string;
  zip?: string;
  city?: string;
}

type PartyEdit = Partial<Omit<NewParty, 'name'> & { name: string }>;

/** A person who works in Tryton, past the service and its proxy. */
export interface TrytonPerson {
  rpc: TrytonRpc;
  createParty(category: 'Customer' | 'Person', party: NewParty): Promise<number>;
  createProject(name: string, comment: string): Promise<number>;
  party(id: number): Promise<Party>;
  edit(id: number, changes: PartyEdit): Promise<void>;
  remove(id: number): Promise<void>;
  exists(id: number): Promise<boolean>;
  /** Tryton's own time stamps of parties and all their rows: equal only if nobody wrote meanwhile. */
  stamps(ids: readonly number[]): Promise<string>;
}

const fields = [
  ...['name', 'code', '_timestamp'],
  ...['street', 'postal_code', 'city', '_timestamp'].map((field) => `addresses.${field}`),
  ...['type', 'value', '_timestamp'].map((field) => `contact_mechanisms.${field}`),
  ...['code', '_timestamp'].map((field) => `identifiers.${field}`),
];
const contactTypes = ['phone', 'mobile', 'email', 'website'] as const;
const columnOf = { street: 'street', zip: 'postal_code', city: 'city' } as const;

export async function trytonPerson({ url, database }: { url: string; database: string }): Promise<TrytonPerson> {
  const rpc = await connectTryton({ url, database, ...trytonAccounts.person });
  const idOf = async (model: string, domain: unknown[]) => {
    const [id] = await rpc.call<number[]>(model, 'search', [domain, 0, 1, null]);
    return id;
  };
  const read = (ids: readonly number[]) =>
    rpc.call<PartyRow[]>('party.party', 'search_read', [[['id', 'in', ids]], 0, null, [['id', 'ASC']], fields]);

  async function row(id: number): Promise<PartyRow> {
    const [found] = await read([id]);
    if (!found) throw new Error(`Tryton has no party ${id}`);
    return found;
  }

  return {
    rpc,
    async createParty(category, { name, street, zip, city, ...contacts }) {
      const country = await idOf('country.country', [['code', '=', 'NL']]);
      const address = { street, postal_code: zip, city, country, invoice: true, delivery: true };
      const mechanisms = Object.entries(contacts).map(([type, value]) => ({ type, value }));
      const [id] = await rpc.call<number[]>('party.party', 'create', [
        [
          {
            name,
            // Two that Tryton numbers at the same time would get the same number on SQLite.
            code: `E${randomUUID()}`,
            categories: [['add', [await idOf('party.category', [['name', '=', category]])]]],
            ...(street !== undefined && { addresses: [['create', [address]]] }),
            ...(mechanisms.length > 0 && { contact_mechanisms: [['create', mechanisms]] }),
          },
        ],
      ]);
      return id ?? 0;
    },
    async createProject(name, comment) {
      const company = await idOf('company.company', []);
      const project = { name, comment, type: 'project', company, timesheet_available: false };
      const [id] = await rpc.call<number[]>('project.work', 'create', [[project]], { company });
      return id ?? 0;
    },
    async party(id) {
      const { name, code, ...children } = await row(id);
      const contact = (type: string) => children['contact_mechanisms.'].find((one) => one.type === type)?.value;
      const [address] = children['addresses.'];
      return {
        ...{ name, code, vat: children['identifiers.'][0]?.code },
        ...{ phone: contact('phone'), mobile: contact('mobile'), email: contact('email'), website: contact('website') },
        ...{ street: address?.street, zip: address?.postal_code, city: address?.city },
      };
    },
    async edit(id, changes) {
      const party = await row(id);
      if (changes.name !== undefined) await rpc.call('party.party', 'write', [[id], { name: changes.name }]);
      for (const type of contactTypes) {
        const value = changes[type];
        const contact = party['contact_mechanisms.'].find((one) => one.type === type);
        if (value !== undefined) await rpc.call('party.contact_mechanism', 'write', [[contact?.id], { value }]);
      }
      const columns = Object.entries(columnOf).flatMap(([part, column]) => {
        const value = changes[part as keyof typeof columnOf];
        return value === undefined ? [] : [[column, value]];
      });
      if (columns.length === 0) return;
      await rpc.call('party.address', 'write', [[party['addresses.'][0]?.id], Object.fromEntries(columns)]);
    },
    remove: (id) => rpc.call('party.party', 'delete', [[id]]),
    exists: async (id) => (await read([id])).length > 0,
    stamps: async (ids) => JSON.stringify(await read(ids)),
  };
}
