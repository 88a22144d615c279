import { localCredentials } from '../../local/deploy.ts';
import { LOCAL_REGION } from '../../local/ministack.ts';

/**
 * AWS calls of an operator whose SDK client is no dependency of the project. The emulator reads the service and the caller
 * from the signature's scope and checks no signature of the key that it calls root.
 */
function authorization(service: string): string {
  const scope = `${localCredentials().AWS_ACCESS_KEY_ID}/20260101/${LOCAL_REGION}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=unchecked`;
}

async function call(endpoint: string, service: string, headers: Record<string, string>, body: string): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: authorization(service), ...headers },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}

/** The query protocol of IAM; answers XML. */
export function iamCall(endpoint: string, action: string, parameters: Record<string, string>): Promise<string> {
  const form = new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters });
  return call(endpoint, 'iam', { 'content-type': 'application/x-www-form-urlencoded' }, form.toString());
}

/** The JSON protocol of CloudWatch Logs. */
export async function logsCall<Body>(endpoint: string, action: string, input: object): Promise<Body> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${action}` };
  return JSON.parse(await call(endpoint, 'logs', headers, JSON.stringify(input)));
}

/** Calls the dispatcher as a schedule does, and waits for its end; throws what it throws. */
export async function invokeDispatcher(endpoint: string, event: object): Promise<void> {
  const url = `${endpoint}/2015-03-31/functions/erp-sync-local-dispatcher/invocations`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: authorization('lambda') },
    body: JSON.stringify(event),
  });
  const text = await response.text();
  const failed = !response.ok || response.headers.has('x-amz-function-error');
  if (failed) throw new Error(`the dispatcher answered ${response.status}: ${text.slice(0, 500)}`);
}
