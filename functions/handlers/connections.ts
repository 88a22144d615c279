import { httpChain } from '../http/chain/http-chain.ts';
import { routesOfConnections } from '../http/routes-of-connections.ts';
import { wireApi } from '../wiring/api.ts';
import { ConnectionsEnvironment } from '../wiring/env.ts';

export const handler = httpChain(routesOfConnections, wireApi(ConnectionsEnvironment.parse(process.env)));
