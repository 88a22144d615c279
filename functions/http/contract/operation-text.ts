import type { ErrorKind } from '../../core/errors.ts';

/** What the reference is divided into, in this order. */
export const tags = {
  Service: 'Whether the service is there, who is calling, and this document.',
  Sessions: 'Signing in with the CRM, or with a key: a session is what the pages call with.',
  'API keys': 'Credentials of services. A key is shown once, when it is made.',
  Tenant: 'The CRM of the tenant, how it is signed in to, and what holds for all connections.',
  Trail: 'Who changed what in the set-up, when and from where.',
  Engine: 'The switch of the whole synchronisation.',
  Connectors: 'Sync Connectors: a kind of ERP at one address.',
  Connections:
    'A connection is a connector with an ERP company, a user and what is synchronised. It is made inactive, mapped, and then activated.',
  Mappings: 'Which ERP field goes with which CRM field, in which direction; fields and lists of both systems.',
  'Set-up as code': 'Connectors and connections as one file: exported, compared, applied.',
  Actors: 'Records of the ERP that can be linked.',
  Links: 'A link joins one CRM record to one ERP actor. Linked records are kept in agreement.',
  'Sync runs': 'What a trigger, a schedule or a link starts: progress, counters, brakes.',
  Changes: 'The log of every field that was written, or would be.',
  Conflicts: 'Fields that both sides changed and that wait for a person.',
  Failures: 'What needs attention: records, lists and connections in trouble.',
} as const;
type Tag = keyof typeof tags;

/** What a use case may refuse for a reason of its own, beside what follows from method, path, roles and body. */
type RefusalKind = Extract<
  ErrorKind,
  | 'not-found'
  | 'conflict'
  | 'stale'
  | 'rejected'
  | 'misconfigured'
  | 'too-large'
  | 'unauthenticated'
  | 'too-many-requests'
>;

/**
 * What a reader of docs/openapi.json is told of an operation, beside its schemas. It is read when the document is made, and
 * is in no function's bundle.
 */
export interface OperationText {
  readonly tag: Tag;
  /** Three to eight words. */
  readonly summary: string;
  /** One to three sentences: what it does, and what a caller has to know before and after. */
  readonly description: string;
  /** Of a list, and only there: what comes first, in a sentence. */
  readonly order?: string;
  /** Each kind with when it comes, as a sentence. */
  readonly refuses?: Readonly<Partial<Record<RefusalKind, string>>>;
  /** Asks the CRM or the ERP while the caller waits: they may refuse, or not answer in time. */
  readonly asks?: true;
  /** Headers that every answer of it has when all went well. */
  readonly headers?: readonly ('etag' | 'location')[];
  /** A body to send, as a client would. */
  readonly example?: unknown;
}
