import { routesOf } from '../http/all-routes.ts';
import { httpChain } from '../http/chain/http-chain.ts';
import { ConnectionsEnvironment } from '../wiring/env.ts';
import { wireApi } from '../wiring/wiring.ts';

export const handler = httpChain(routesOf('connections'), wireApi(ConnectionsEnvironment.parse(process.env)));
