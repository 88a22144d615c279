import { httpChain } from '../http/chain/http-chain.ts';
import { connectionsRoutes } from '../http/routes/connections.ts';
import { ConnectionsEnvironment } from '../wiring/env.ts';
import { wireApi } from '../wiring/wiring.ts';

export const handler = httpChain(connectionsRoutes, wireApi(ConnectionsEnvironment.parse(process.env)));
