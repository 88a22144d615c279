import { httpChain } from '../http/chain/http-chain.ts';
import { routesOfConnections } from '../http/routes-of-connections.ts';
import { wireApi } from '../wiring/api.ts';
import { ConnectionsEnvironment, readEnvironment } from '../wiring/env.ts';

export const handler = httpChain(routesOfConnections, wireApi(readEnvironment(ConnectionsEnvironment)));
