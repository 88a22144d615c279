import { httpChain } from '../http/chain/http-chain.ts';
import { syncRoutes } from '../http/routes/sync.ts';
import { wireApi } from '../wiring/api.ts';
import { SyncEnvironment } from '../wiring/env.ts';

export const handler = httpChain(syncRoutes, wireApi(SyncEnvironment.parse(process.env)));
