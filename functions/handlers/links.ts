import { routesOf } from '../http/all-routes.ts';
import { httpChain } from '../http/chain/http-chain.ts';
import { wireApi } from '../wiring/api.ts';
import { LinksEnvironment } from '../wiring/env.ts';

export const handler = httpChain(routesOf('links'), wireApi(LinksEnvironment.parse(process.env)));
