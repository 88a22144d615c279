import { httpChain } from '../http/chain/http-chain.ts';
import { routesOfSync } from '../http/routes-of-sync.ts';
import { wireApi } from '../wiring/api.ts';
import { readEnvironment, SyncEnvironment } from '../wiring/env.ts';

export const handler = httpChain(routesOfSync, wireApi(readEnvironment(SyncEnvironment)));
