/**
 * Which problems an operation can answer, from what the registry and its text say of it: nobody lists statuses by hand.
 * Every answer of every test is held to it (test/http/contract/documented.ts).
 */
import { Role } from '../../functions/core/model/api-key.ts';
import { answersByKind } from '../../functions/http/chain/problem-details.ts';
import type { OperationText } from '../../functions/http/contract/operation-text.ts';
import type { Operation } from '../../functions/http/registry.ts';

/** `type` of a problem: the kind of a failure, or one that the chain answers before there is any. */
export type ProblemType = keyof typeof answersByKind | 'method-not-allowed';

/** What a problem of this type means to whoever sent the request, and what to do. */
export const meanings: Readonly<Record<ProblemType, string>> = {
  invalid:
    'The request has faults: `errors` names each with its place and what would be right. Mend it; repeating it is of no use.',
  unauthenticated: 'There is no API key in `Authorization`, or it is wrong, removed or expired: `detail` says which.',
  forbidden: 'The role is not for this operation, or not as it was asked; or the user does not have the ERP tab.',
  'not-found':
    'There is no such thing in this tenant. A thing of another tenant looks the same, and so does a path that none can have.',
  missing: 'A record is not there in its system (any more).',
  conflict: 'As things are this cannot be done.',
  stale: 'Somebody changed it at the same moment: repeat the request.',
  precondition: 'It was changed since you read it: read it again, look, and repeat the change with the new ETag.',
  'precondition-required': '`If-Match` is missing: send the ETag of what you read.',
  'too-large':
    'The body has more than 1 MB; or the CRM or the ERP answered with more than is read of an answer, as `detail` says then.',
  rejected: 'A system refused; `explanation` holds its own words.',
  unauthorised: 'The CRM or the ERP refused the credentials that are stored for it.',
  misconfigured: 'The set-up is not complete, or our user lacks a right in the system; `explanation` holds its words.',
  defect: 'A defect of the service. Tell its operators the `instance`, which is in their log.',
  'out-of-time': 'The CRM or the ERP did not answer within 25 s; `detail` says what was done and what was not.',
  throttled: 'A store or system asks for patience: repeat the request after `Retry-After`.',
  transient: 'A store or system does not answer: repeat the request after `Retry-After`.',
  'unknown-outcome':
    'It took too long, and may still have an effect: look before you repeat it, or send an Idempotency-Key.',
  'too-many-requests':
    'Your key, or all keys of your tenant together, sent too many requests within a minute: come back after `Retry-After`.',
  'method-not-allowed': 'The path is there, with the methods that `Allow` names.',
};

export function statusOf(type: ProblemType): number {
  if (type === 'method-not-allowed') return 405;
  return answersByKind[type].status;
}

/** Types with what they mean here. */
export function problemsOf(operation: Operation, text: OperationText): ReadonlyMap<ProblemType, string> {
  const { method, path, roles, ifMatch, status } = operation;
  const found = new Map<ProblemType, string>();
  const add = (...types: readonly ProblemType[]) => {
    for (const type of types) found.set(type, meanings[type]);
  };
  add('invalid');
  if (roles !== 'public') {
    add('unauthenticated', 'too-many-requests');
    const isOfUsers = roles.includes('user') && !operation.ofCaller;
    if (isOfUsers || Role.options.some((role) => !roles.includes(role))) add('forbidden');
  }
  if (path.includes('{')) add('not-found');
  if (['POST', 'PUT', 'PATCH'].includes(method)) add('too-large');
  if (ifMatch) add('precondition', 'precondition-required', 'stale');
  if (text.asks) add('too-large', 'missing', 'rejected', 'unauthorised', 'misconfigured', 'out-of-time');
  add('defect', 'throttled', 'transient', 'unknown-outcome');
  for (const [type, when] of Object.entries(text.refuses ?? {})) found.set(type as ProblemType, when);
  if (method === 'POST') {
    const replayed = 'The Idempotency-Key came with another request before, or the first one is still being handled.';
    const own = found.get('conflict');
    found.set('conflict', own ? `${own} Or: ${replayed}` : replayed);
  }
  if (text.refuses?.['too-large'] && status !== 204) {
    found.set('too-large', `${meanings['too-large']} Or: ${text.refuses['too-large']}`);
  }
  return found;
}
