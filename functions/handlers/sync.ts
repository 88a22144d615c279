import { SyncEnvironment } from '../config/env.ts';
import { wireApi } from '../config/wiring.ts';
import { httpChain } from '../middleware/http-chain.ts';
import { syncRoutes } from './routes/sync.ts';

export const handler = httpChain(syncRoutes, wireApi(SyncEnvironment.parse(process.env)));
