import { httpChain } from '../http/chain/http-chain.ts';
import { routesOfLinks } from '../http/routes-of-links.ts';
import { wireApi } from '../wiring/api.ts';
import { LinksEnvironment } from '../wiring/env.ts';

export const handler = httpChain(routesOfLinks, wireApi(LinksEnvironment.parse(process.env)));
