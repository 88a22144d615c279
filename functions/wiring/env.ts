/**
 * What each function must find in its environment. `lib/` builds every function's variables as the input type of its
 * schema, so that a variable missing in the stack does not compile.
 */
import * as z from 'zod';

const text = z.string().min(1);
const wholeNumber = z.string().regex(/^\d+$/).transform(Number);

/** The stages that there are; what differs between them stands in `lib/stages.ts`. */
export const stageNames = ['dev', 'prod', 'local'] as const;
export type StageName = (typeof stageNames)[number];

const storage = { STAGE: text, TABLE_NAME: text };

const outbound = {
  /** Which addresses of ERP and CRM systems may be called. */
  OUTBOUND_ALLOW_HTTP: z.stringbool(),
  OUTBOUND_ALLOW_LOOPBACK: z.stringbool(),
  /** Networks in CIDR form, separated by commas; may be empty. */
  OUTBOUND_PRIVATE_RANGES: z.string().transform((ranges) => ranges.split(',').filter(Boolean)),
};

const limits = { CALLER_REQUESTS_PER_MINUTE: wholeNumber, TENANT_REQUESTS_PER_MINUTE: wholeNumber };

const engine = {
  ...storage,
  ...outbound,
  QUEUE_URL_HIGH: text,
  QUEUE_URL_NORMAL: text,
  QUEUE_URL_LOW: text,
  SCHEDULE_GROUP: text,
  DISPATCHER_ARN: text,
  SCHEDULER_ROLE_ARN: text,
  SECRET_PREFIX: text,
  ALERT_TOPIC_ARN: text,
  LEASE_SECONDS: wholeNumber,
  STALLED_SECONDS: wholeNumber,
  /** In MB; Lambda sets it by itself. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: wholeNumber.optional(),
};

const api = {
  ...engine,
  /** The secret that signs page cursors and hashes request bodies. */
  SIGNING_KEY_SECRET: text,
  ...limits,
};

/** The function that asks the CRM who a user is, and what that user may see. */
const asking = { SESSION_FUNCTION: text };

/** What a function needs whose use cases work on all ports. */
export type EngineEnvironment = z.infer<z.ZodObject<typeof engine>>;
/** What a function behind the HTTP API needs. */
export type ApiEnvironment = z.infer<z.ZodObject<typeof api>> & Partial<z.infer<z.ZodObject<typeof asking>>>;

export const AuthorizerEnvironment = z.object({
  ...storage,
  ...asking,
});
export type AuthorizerEnvironment = z.infer<typeof AuthorizerEnvironment>;
export type AuthorizerVariables = z.input<typeof AuthorizerEnvironment>;

export const ConnectionsEnvironment = z.object(api);
export type ConnectionsVariables = z.input<typeof ConnectionsEnvironment>;

export const LinksEnvironment = z.object({ ...api, ...asking });
export type LinksVariables = z.input<typeof LinksEnvironment>;

export const SyncEnvironment = z.object({ ...api, ...asking });
export type SyncVariables = z.input<typeof SyncEnvironment>;

export const SessionEnvironment = z.object({
  ...storage,
  ...outbound,
  ...limits,
  SECRET_PREFIX: text,
  /** The secret that states of sign-ins and refresh tokens are sealed with. */
  SESSION_KEY_SECRET: text,
  /** Where our own pages are; empty: there are none. */
  PUBLIC_URL: z.string(),
  /** What the vendor calls our application, for tenants that there are not; empty: made up. */
  CRM_CLIENT_ID: z.string(),
});
export type SessionEnvironment = z.infer<typeof SessionEnvironment>;
export type SessionVariables = z.input<typeof SessionEnvironment>;

export const DispatcherEnvironment = z.object(engine);
export type DispatcherVariables = z.input<typeof DispatcherEnvironment>;

export const WorkerEnvironment = z.object(engine);
export type WorkerVariables = z.input<typeof WorkerEnvironment>;

/** Throws naming every variable that is missing. It is read once, so a parser compiled for it would cost more than it saves. */
export function readEnvironment<Environment>(schema: z.ZodType<Environment>): Environment {
  return schema.parse(process.env, { jitless: true });
}
