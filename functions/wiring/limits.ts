import { failedSignInsPerMinute, interactiveRunsPerMinute } from '../core/timing/rate.ts';
import type { ApiEnvironment } from './env.ts';

/** What is limited by the minute, for every function that limits. */
export function limitsOf(env: Pick<ApiEnvironment, 'CALLER_REQUESTS_PER_MINUTE' | 'TENANT_REQUESTS_PER_MINUTE'>) {
  return {
    requests: { caller: env.CALLER_REQUESTS_PER_MINUTE, tenant: env.TENANT_REQUESTS_PER_MINUTE },
    'interactive-runs': interactiveRunsPerMinute,
    'failed-sign-ins': failedSignInsPerMinute,
  };
}
