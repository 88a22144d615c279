import type { SessionRenewal } from '../../../ports/session-renewal.ts';
import { type CalledFunction, callFunction } from './call-function.ts';

/** The SessionRenewal port on the function that may read the CRM's secrets; its answer is awaited. */
export function renewalByFunction(called: CalledFunction): SessionRenewal {
  return {
    async renew(message) {
      await callFunction(called, message);
    },
  };
}
