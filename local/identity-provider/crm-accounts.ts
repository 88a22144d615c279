/** What the vendor's sign-in knows of a CRM and its users: it asks the simulator's own door. */
interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Person {
  readonly id: number;
  readonly login: string;
  readonly fullName: string;
  readonly isAdministrator: boolean;
  readonly removed: boolean;
}

export interface CrmAccounts {
  readonly credentials: Credentials;
  readonly signingKeyPem: string;
  readonly x5t: string;
  /** Those that the CRM lets in. */
  people(): Promise<Person[]>;
  noteAccessToken(token: string, associateId: number, expiresInSeconds: number): Promise<void>;
  /** The CRM sends its users to this address from now on. */
  leadHere(url: string): Promise<void>;
}

export async function crmAccounts(controlUrl: string): Promise<CrmAccounts> {
  async function control<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await fetch(`${controlUrl}${path}`, { method, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`The CRM's own door answered ${answer.status} to ${method} ${path}.`);
    return JSON.parse(await answer.text());
  }
  const credentials = await control<Credentials>('GET', '/credentials');
  const key = await control<{ signingKeyPem: string; x5t: string }>('GET', '/vendor-key');
  return {
    credentials,
    ...key,
    people: async () => (await control<Person[]>('GET', '/people')).filter(({ removed }) => !removed),
    async noteAccessToken(token, associateId, expiresInSeconds) {
      await control('POST', '/access-tokens', { token, associateId, expiresInSeconds });
    },
    async leadHere(url) {
      await control('PUT', '/login', { url });
    },
  };
}
