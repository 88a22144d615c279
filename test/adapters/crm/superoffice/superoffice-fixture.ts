import { superOffice } from '../../../../functions/adapters/crm/superoffice/superoffice.ts';
import { httpClient } from '../../../../functions/adapters/http/http-client.ts';
import type { RecordSystem } from '../../../../functions/ports/record-system.ts';
import type { Runtime } from '../../../../functions/ports/runtime.ts';
import { startCrmSimulator } from '../../../../local/crm-simulator/start-crm-simulator.ts';

interface CrmCredentials {
  readonly contextIdentifier: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly systemToken: string;
  readonly privateKeyPem: string;
}

export interface CrmFixture {
  readonly url: string;
  readonly credentials: CrmCredentials;
  readonly runtime: Runtime;
  /** The simulator's own door: what a user of the CRM does, faults, counts. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Besides the conditions that the fixture was made with. */
  faults(faults: object): Promise<unknown>;
  calls(): Promise<Record<string, number>>;
  /** Both clocks go on. */
  letTimePass(ms: number): void;
  /** An edit by a user of the CRM. */
  edit(type: string, key: string, changes: object): Promise<void>;
  /** An adapter of its own, with wrong secrets or settings if given. */
  connect(wrong?: Partial<CrmCredentials>): RecordSystem;
  stop(): Promise<void>;
}

export async function crmFixture(conditions: object = {}): Promise<CrmFixture> {
  let aheadMs = 0;
  const nowMs = () => Date.now() + aheadMs;
  const simulator = await startCrmSimulator({ nowMs });
  const runtime: Runtime = {
    nowMs,
    now: () => new Date(nowMs()).toISOString(),
    newId: () => 'unused',
    random: () => 0,
    sleep: async () => {},
  };
  const http = httpClient({ rules: { allowHttp: true, allowLoopback: true, privateRanges: [] } });

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${simulator.controlUrl}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  await control('PUT', '/faults', conditions);
  const credentials = (await control('GET', '/credentials')) as CrmCredentials;
  return {
    url: simulator.url,
    credentials,
    runtime,
    control,
    faults: (faults) => control('PUT', '/faults', { ...conditions, ...faults }),
    calls: async () => (await control('GET', '/calls')) as Record<string, number>,
    async edit(type, key, changes) {
      await control('PATCH', `/records/${type}/${key}`, changes);
    },
    letTimePass(ms) {
      aheadMs += ms;
    },
    connect(wrong = {}) {
      const given = { ...credentials, ...wrong };
      return superOffice({
        http,
        runtime,
        settings: { address: simulator.url, clientId: given.clientId, crmContext: given.contextIdentifier },
        secrets: {
          systemToken: given.systemToken,
          clientSecret: given.clientSecret,
          privateKey: given.privateKeyPem,
        },
      });
    },
    stop: () => simulator.stop(),
  };
}
