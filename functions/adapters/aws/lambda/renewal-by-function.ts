import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { SyncError } from '../../../core/errors.ts';
import type { SessionRenewal } from '../../../ports/session-renewal.ts';
import { awsFailure } from '../aws-failure.ts';

export interface RenewalByFunctionOptions {
  readonly client: LambdaClient;
  readonly functionName: string;
  readonly timeoutMs: number;
}

/** The SessionRenewal port on the function that may read the CRM's secrets; its answer is awaited. */
export function renewalByFunction({ client, functionName, timeoutMs }: RenewalByFunctionOptions): SessionRenewal {
  return {
    async renew(message) {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(message) });
      const answer = await client
        .send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })
        .catch((error: unknown) => {
          throw awsFailure('Lambda Invoke', error);
        });
      if (answer.FunctionError) throw new SyncError('transient', 'The function that renews sessions failed.');
    },
  };
}
