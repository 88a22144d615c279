import { httpChain } from '../http/chain/http-chain.ts';
import { linksRoutes } from '../http/routes/links.ts';
import { wireApi } from '../wiring/api.ts';
import { LinksEnvironment } from '../wiring/env.ts';

export const handler = httpChain(linksRoutes, wireApi(LinksEnvironment.parse(process.env)));
