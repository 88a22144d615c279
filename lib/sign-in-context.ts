import type { Stage } from './stages.ts';

/** What signing in needs to know of the world around a deployment; empty texts where nobody said. */
export interface SignInContext {
  /** Where people's browsers find our pages: a scheme and a host. */
  readonly publicUrl: string;
  /** What the CRM's vendor calls our application, for tenants that there are not. */
  readonly crmClientId: string;
}

/** `-c publicUrl=https://sync.example.com -c crmClientId=…`. */
export function signInContext(stage: Stage, publicUrl: unknown, crmClientId: unknown): SignInContext {
  return { publicUrl: originOf(stage, publicUrl), crmClientId: crmClientId === undefined ? '' : String(crmClientId) };
}

function originOf({ outbound }: Stage, said: unknown): string {
  if (said === undefined) return '';
  const url = URL.parse(String(said));
  const isSafe = url?.protocol === 'https:' || (outbound.allowHttp && url?.protocol === 'http:');
  if (url && isSafe && String(said).replace(/\/$/, '') === url.origin) return url.origin;
  throw new Error('Where are the pages? Say -c publicUrl=https://… with a host and no path.');
}
