import { httpChain } from '../http/chain/http-chain.ts';
import { connectionsRoutes } from '../http/routes/connections.ts';
import { wireApi } from '../wiring/api.ts';
import { ConnectionsEnvironment } from '../wiring/env.ts';

export const handler = httpChain(connectionsRoutes, wireApi(ConnectionsEnvironment.parse(process.env)));
