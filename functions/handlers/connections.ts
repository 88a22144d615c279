import { routesOf } from '../http/all-routes.ts';
import { httpChain } from '../http/chain/http-chain.ts';
import { wireApi } from '../wiring/api.ts';
import { ConnectionsEnvironment } from '../wiring/env.ts';

export const handler = httpChain(routesOf('connections'), wireApi(ConnectionsEnvironment.parse(process.env)));
