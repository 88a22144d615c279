import { httpChain } from '../http/chain/http-chain.ts';
import { routesOfLinks } from '../http/routes-of-links.ts';
import { wireApi } from '../wiring/api.ts';
import { LinksEnvironment, readEnvironment } from '../wiring/env.ts';

export const handler = httpChain(routesOfLinks, wireApi(readEnvironment(LinksEnvironment)));
