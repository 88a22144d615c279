import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { SyncError } from '../../../core/errors.ts';
import { awsFailure } from '../aws-failure.ts';

export interface CalledFunction {
  readonly client: LambdaClient;
  readonly functionName: string;
  readonly timeoutMs: number;
}

/** Calls another function and waits for its answer, as text; SyncError `transient` where it failed. */
export async function callFunction(
  { client, functionName, timeoutMs }: CalledFunction,
  message: object,
): Promise<string> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(message) });
  const answer = await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
    throw awsFailure('Lambda Invoke', error);
  });
  if (answer.FunctionError) throw new SyncError('transient', `The function ${functionName} failed.`);
  return Buffer.from(answer.Payload ?? []).toString('utf8');
}
