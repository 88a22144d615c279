import { startApiServer } from './api-server.ts';
import { startControlServer } from './control-server.ts';
import { loadCrm, type Seed, saveCrm } from './state-file.ts';

export type CrmSimulatorOptions = {
  /** 0 or left out: a free port. */
  port?: number;
  controlPort?: number;
  tenant?: string;
  /** Read at the start, written by `stop`; without it nothing is kept. */
  dataFile?: string;
  /** Used when there is no data file yet. */
  seed?: Seed;
  nowMs?: () => number;
};

export type CrmSimulator = { url: string; controlUrl: string; tenant: string; stop: () => Promise<void> };

/** Starts a SuperOffice CRM with one tenant on loopback: `url` is the vendor's host, `controlUrl` the simulator's own door. */
export async function startCrmSimulator(options: CrmSimulatorOptions = {}): Promise<CrmSimulator> {
  const { port = 0, controlPort = 0, tenant = 'Cust12345', dataFile, seed, nowMs = Date.now } = options;
  const crm = loadCrm({ tenant, dataFile, seed, nowMs });
  const control = await startControlServer(crm, controlPort);
  const api = await startApiServer(crm, port, control.url).catch(async (error: unknown) => {
    await control.stop();
    throw error;
  });
  if (dataFile !== undefined) saveCrm(crm, dataFile);
  return {
    url: api.url,
    controlUrl: control.url,
    tenant: crm.tenant,
    stop: async () => {
      await Promise.all([api.stop(), control.stop()]);
      if (dataFile !== undefined) saveCrm(crm, dataFile);
    },
  };
}
