import { frontPage } from '../front-page.ts';
import { demoAdministrator, demoUsers } from './demo-users.ts';
import { demoPassword } from './login-form.ts';

/** What the sign-in's address shows in a browser that nobody sent there. */
export function signInPage(): string {
  const users = [demoAdministrator, ...demoUsers];
  return frontPage({
    title: 'The sign-in of the demo’s CRM',
    text: `The CRM's identity provider. ERP Sync sends people here to sign in (GET /v1/session/start), and they come back with a session. There are ${users.join(', ')}, each with the password ${demoPassword}; ${demoAdministrator} is an administrator.`,
    parts: [
      {
        heading: 'Signing in without a browser',
        text: 'In the folder of the demo, these do what a browser would and print the session, which stands where a key does: Authorization: Bearer ess_…',
        commands: users.map((user) => `npm run --silent sign-in -- ${user}`),
      },
    ],
  });
}
