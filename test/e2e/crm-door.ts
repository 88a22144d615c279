import type { CrmType } from '../../functions/core/model/actor-type.ts';

interface CrmAddress {
  line1: string;
  zip: string;
  city: string;
}

/** A record as people see it in the CRM; every field of it is in local/crm-simulator/flat-record.ts. */
interface CrmRecord {
  id: number;
  name: string;
  code: string;
  orgNr: string;
  phone: string;
  email: string;
  url: string;
  country: string;
  category: string;
  postal: CrmAddress;
  street: CrmAddress;
  firstName: string;
  lastName: string;
  phoneMobile: string;
  description: string;
  deleted: boolean;
}

export type CrmEdit = { [Field in keyof CrmRecord]?: CrmRecord[Field] | Partial<CrmRecord[Field]> };

interface CrmWrite {
  seq: number;
  via: 'api' | 'control';
  type: CrmType;
  id: number;
  paths: string[];
  changed: boolean;
}

/** The CRM simulator's own door: what a person does in the CRM, and what the server itself counted. */
export interface CrmDoor {
  create(type: CrmType, record: CrmEdit): Promise<CrmRecord>;
  read(type: CrmType, id: number): Promise<CrmRecord>;
  all(type: CrmType): Promise<CrmRecord[]>;
  edit(type: CrmType, id: number, changes: CrmEdit): Promise<void>;
  /** For good: what is only marked as deleted can still be read. */
  remove(type: CrmType, id: number): Promise<void>;
  /** A person's edit just before the next write of that record by anybody else. */
  editBeforeNextWrite(type: CrmType, id: number, changes: CrmEdit): Promise<void>;
  /** Writes by the service, in order; `after`: only those with a higher number. */
  serviceWrites(after?: number): Promise<CrmWrite[]>;
  lastWrite(): Promise<number>;
  calls(): Promise<Record<string, number>>;
  resetCalls(): Promise<void>;
  setFaults(faults: object): Promise<void>;
  credentials(): Promise<Record<'clientId' | 'clientSecret' | 'systemToken' | 'privateKeyPem', string>>;
}

export function crmDoor(controlUrl: string): CrmDoor {
  async function call<Body>(method: string, path: string, body?: object): Promise<Body> {
    const response = await fetch(`${controlUrl}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return JSON.parse(text || 'null');
  }
  const writes = (after: number) => call<CrmWrite[]>('GET', `/writes?after=${after}`);

  return {
    create: (type, record) => call('POST', `/records/${type}`, record),
    read: (type, id) => call('GET', `/records/${type}/${id}`),
    all: (type) => call('GET', `/records/${type}`),
    edit: async (type, id, changes) => void (await call('PATCH', `/records/${type}/${id}`, changes)),
    remove: async (type, id) => void (await call('DELETE', `/records/${type}/${id}?purge=true`)),
    editBeforeNextWrite: async (type, id, changes) =>
      void (await call('POST', '/edit-before-next-write', { type, id, changes })),
    serviceWrites: async (after = 0) => (await writes(after)).filter(({ via }) => via === 'api'),
    lastWrite: async () => (await writes(0)).at(-1)?.seq ?? 0,
    calls: () => call('GET', '/calls'),
    resetCalls: async () => void (await call('POST', '/calls/reset')),
    setFaults: async (faults) => void (await call('PUT', '/faults', faults)),
    credentials: () => call('GET', '/credentials'),
  };
}
