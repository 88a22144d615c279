import type { ApiKey } from '../core/model/api-key.ts';
import type { Trail } from './audit.ts';
import type { Page, PageRequest } from './page.ts';

/** `trail` is written with the change. */
export interface ApiKeys {
  create(key: ApiKey, trail?: Trail): Promise<void>;
  get(tenantId: string, keyId: string): Promise<ApiKey | undefined>;
  list(tenantId: string, page: PageRequest): Promise<Page<ApiKey>>;
  /** False = it is not there, or `whileThereIs` is not; atomic. */
  remove(tenantId: string, keyId: string, whileThereIs?: string, trail?: Trail): Promise<boolean>;
  /** At most once a minute per key, best effort. */
  touch(tenantId: string, keyId: string, at: string): Promise<void>;
}
