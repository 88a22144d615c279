import * as z from 'zod';
import { Role } from '../../core/model/api-key.ts';
import { At } from '../../core/model/at.ts';
import { CrmUser } from '../../core/model/session.ts';
import { beginSession } from '../../features/sessions/begin-session.ts';
import { endSession } from '../../features/sessions/end-session.ts';
import { finishSignIn } from '../../features/sessions/finish-sign-in.ts';
import type { SignInApplication } from '../../features/sessions/sign-in-application.ts';
import { startSignIn } from '../../features/sessions/start-sign-in.ts';
import { sessionOperations } from '../registry.ts';
import { routeBuilder } from '../route-builder.ts';
import { EmptyRequest } from '../schemas/requests.ts';

const { route } = routeBuilder<SignInApplication, keyof typeof sessionOperations>(sessionOperations);

/** The tenant's key in the CRM, such as `Cust12345`. */
const CrmContext = z.string().regex(/^[\w-]{1,64}$/, 'Must be the name of a CRM context, as Cust12345');
const Hash = z.string().regex(/^[\w-]{43}$/, 'Must be a SHA-256 in base64url: 43 characters');
/** RFC 7636, 4.1. */
const Verifier = z.string().regex(/^[\w.~-]{43,128}$/, 'Must be 43 to 128 letters, digits and -._~');
const Text = z.string().min(1).max(8_000);

const Start = z.strictObject({
  tenant: CrmContext.meta({ description: "The CRM's own name for the tenant.", examples: ['Cust12345'] }),
  challenge: Hash.meta({
    description: 'SHA-256 of the verifier, in base64url.',
    examples: ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
  }),
  return: z.string().max(500).default('/').describe('Path of the page to come back to.'),
});
/** Whatever else a provider sends is passed over, as RFC 6749 (4.1.2) wants it: why it refused, say, or who it is. */
const Callback = z.object({ state: Text, code: Text.optional() });

const Shown = z.union([
  z.strictObject({
    code: Text.meta({ description: 'From the fragment that the sign-in came back with.', examples: ['AbC…'] }),
    verifier: Verifier.meta({
      description: 'Whose challenge the sign-in was begun with.',
      examples: ['dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'],
    }),
  }),
  z.strictObject({
    idToken: Text.meta({ description: "Of the CRM's identity provider.", examples: ['eyJ…'] }),
    tenant: CrmContext.meta({ description: "The CRM's own name for the tenant.", examples: ['Cust12345'] }),
  }),
  z.strictObject({ apiKey: Text.meta({ description: 'The key, as it was shown.', examples: ['esk_…'] }) }),
]);

const Begun = z
  .object({
    session: z.string().meta({ description: 'Sent as `Bearer`; shown this once.', examples: ['ess_…'] }),
    endsAt: At.describe('When it ends if it is not used.'),
    roles: z.array(Role).describe('What the caller may do.'),
    user: CrmUser.optional().describe('Absent where a key is behind the session.'),
  })
  .meta({ id: 'Session', description: 'A session that was begun.' });

export const sessionRoutes = [
  route('startSignIn', {
    request: EmptyRequest.extend({ query: Start }),
    async handle(app, { query }) {
      const { tenant: crmContext, challenge, return: returnTo } = query;
      return { location: await startSignIn(app, { crmContext, challenge, returnTo }) };
    },
  }),
  route('finishSignIn', {
    request: EmptyRequest.extend({ query: Callback }),
    async handle(app, { query, from }) {
      return { location: await finishSignIn(app, { ...query, from }) };
    },
  }),
  route('beginSession', {
    request: EmptyRequest.extend({ body: Shown }),
    answer: Begun,
    async handle(app, { body, from }) {
      const { role, ...begun } = await beginSession(app, body, from);
      return { body: { ...begun, roles: [role] } };
    },
  }),
  route('endSession', {
    request: EmptyRequest,
    async handle(app, { caller }) {
      await endSession(app, caller);
      return {};
    },
  }),
];
