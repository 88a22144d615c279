import { httpChain } from '../http/chain/http-chain.ts';
import { syncRoutes } from '../http/routes/sync.ts';
import { SyncEnvironment } from '../wiring/env.ts';
import { wireApi } from '../wiring/wiring.ts';

export const handler = httpChain(syncRoutes, wireApi(SyncEnvironment.parse(process.env)));
