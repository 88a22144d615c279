import { LinksEnvironment } from '../config/env.ts';
import { wireApi } from '../config/wiring.ts';
import { httpChain } from '../middleware/http-chain.ts';
import { linksRoutes } from './routes/links.ts';

export const handler = httpChain(linksRoutes, wireApi(LinksEnvironment.parse(process.env)));
