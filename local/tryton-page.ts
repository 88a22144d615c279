import { frontPage } from './front-page.ts';
import { BRANCH_DATABASE, TRYTON_DATABASE, trytonAccounts } from './tryton-accounts.ts';

/** What the ERP's address shows in a browser: Tryton itself serves programs alone. */
export function trytonPage(url: string): string {
  const { user, password } = trytonAccounts.person;
  const call = (method: string, params: string) =>
    `curl -u '${user}:${password}' -H 'Content-Type: application/json' \\
  -d '{"id":1,"method":"model.party.party.${method}","params":${params}}' \\
  ${url}/${TRYTON_DATABASE}/rpc/`;
  return frontPage({
    title: 'Tryton, the ERP of the demo',
    text: `A real Tryton 8 with invented data. It has two databases: ${TRYTON_DATABASE}, the books of Noorderlicht Handel, and ${BRANCH_DATABASE}, those of the branch in Antwerp. It speaks JSON-RPC, to programs: there are no pages but this one.`,
    parts: [
      {
        heading: 'Signing in',
        text: `As Sofia, who works in the ERP: user ${user}, password ${password}. Tryton's own desktop client connects to this address with it; curl gives user and password with each call.`,
      },
      {
        heading: 'Reading and writing',
        text: 'Customers, suppliers and persons are parties. The first command reads five of them, the second renames one. What Sofia changes comes to the CRM with the next sync, within a minute.',
        commands: [
          call('search_read', '[[["name","like","%B.V.%"]],0,5,null,["name","code"],{}]'),
          '',
          call('write', '[[2],{"name":"A new name"},{}]'),
        ],
      },
    ],
  });
}
