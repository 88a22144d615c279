import type { OperationText } from './operation-text.ts';
import { metAnother } from './refusal-words.ts';

const sharedNames = 'Several connectors or connections have one name: `errors` names them.';

const example = {
  version: 1,
  connectors: [{ name: 'Our ERP', kind: 'erp-kind', url: 'https://erp.example.com' }],
  connections: [
    {
      name: 'Demo ERP',
      connector: 'Our ERP',
      intervalMinutes: 15,
      config: { database: 'demo', user: 'sync', password: 'correct horse' },
      actorTypes: {
        customer: {
          active: true,
          fields: [{ erpField: 'NAME', crmField: 'name', direction: 'both', showInErpTab: true }],
        },
      },
      lists: [{ erpList: 'category', crmList: 'category', pairs: [{ erpItem: '4', crmItem: '2' }] }],
    },
  ],
};

/** Set-up as code. */
export const textsOfConfig = {
  exportConfig: {
    tag: 'Set-up as code',
    summary: 'Export the set-up as a file',
    description: `Connectors and connections with their mappings, lists and order, by names. Of a secret it has the name of a variable, as \`\${env:NAME}\`, whose value the sender puts in its place. Sent back it changes nothing; sent to an empty tenant it makes the same set-up.`,
    refuses: { conflict: sharedNames, 'too-large': 'The set-up is more than an answer holds.' },
  },
  planConfig: {
    tag: 'Set-up as code',
    summary: 'Compare a file with the set-up',
    description:
      'What applying the file would make and change, and what is refused, with its place in the file; stores nothing. New addresses and secrets are tested as applying would test them.',
    asks: true,
    refuses: { conflict: sharedNames },
    example,
  },
  applyConfig: {
    tag: 'Set-up as code',
    summary: 'Make the set-up as a file says',
    description:
      'Each connection whole or not at all, with its own result; the same file again goes on with what is left and changes nothing else. Nothing is activated or deleted, and a connection that is not inactive keeps its mappings; one file of a tenant is applied at a time.',
    asks: true,
    refuses: { conflict: sharedNames, stale: metAnother },
    example,
  },
} as const satisfies Readonly<Record<string, OperationText>>;
