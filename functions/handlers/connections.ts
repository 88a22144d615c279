import { ConnectionsEnvironment } from '../config/env.ts';
import { wireApi } from '../config/wiring.ts';
import { httpChain } from '../middleware/http-chain.ts';
import { connectionsRoutes } from './routes/connections.ts';

export const handler = httpChain(connectionsRoutes, wireApi(ConnectionsEnvironment.parse(process.env)));
