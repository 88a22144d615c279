import type { registry } from '../registry.ts';
import type { OperationText } from './operation-text.ts';
import { deleted, metAnother, moved, nameTaken, noCrmYet, suspended, testFailed } from './refusal-words.ts';
import { textsOfConfig } from './texts-of-config.ts';
import { textsOfMappings } from './texts-of-mappings.ts';

const connectionConfig = { database: 'demo', user: 'sync', password: 'correct horse' };

export const textsOfConnections = {
  checkHealth: {
    tag: 'Service',
    summary: 'Check that the service is there',
    description: 'Answers as long as the service runs; asks no store and no system. Needs no key.',
  },
  readContract: {
    tag: 'Service',
    summary: 'Read this document',
    description: 'The OpenAPI 3.1 document of the version that answers. Needs no key.',
  },
  readCaller: {
    tag: 'Service',
    summary: 'Say who is calling',
    description:
      'The key or the user behind the session, with tenant and role, and of a user whether they have the ERP tab. A way to check a key.',
  },

  listApiKeys: {
    tag: 'API keys',
    summary: 'List API keys',
    description: 'Every key of the tenant with its role, expiry and last use, never with its secret.',
    order: 'In the order in which they were made.',
  },
  issueApiKey: {
    tag: 'API keys',
    summary: 'Make an API key',
    description:
      'Makes a key and shows it in `key`, this once. Repeated with the same Idempotency-Key it answers 409 with the `id` of the key that was made, for its secret is not kept.',
    example: { name: 'CRM back end', role: 'service', expiresAt: '2027-11-27T00:00:00Z' },
  },
  revokeApiKey: {
    tag: 'API keys',
    summary: 'Remove an API key',
    description: 'The key is refused from now on, at the latest after 60 seconds where it was used just before.',
    refuses: {
      conflict: 'It is the key that this request was sent with, or the last admin key that is good.',
      stale: 'The keys of the tenant are being changed all the time: repeat the request.',
    },
  },

  listAudit: {
    tag: 'Trail',
    summary: 'List changes of the set-up',
    description:
      'Who did what to which part of the set-up, from where, with old and new values; secrets read as set. Kept for two years, and deleted by nobody before. With `subject` and `id` those of one thing.',
    order: 'Newest first.',
  },
  readTenant: {
    tag: 'Tenant',
    summary: 'Read the settings of the tenant',
    description:
      'The CRM\'s kind, address and settings, the policy for conflicts, how long the log is kept, and who has the ERP tab. Secrets read as `{"set": true}`.',
    headers: ['etag'],
  },
  saveTenant: {
    tag: 'Tenant',
    summary: 'Replace the settings of the tenant',
    description:
      'Signs in to the CRM with the settings before it stores them. A secret sent as `{"set": true}` stays as it is stored, for the address, context and user it was tested with; `crm` left out removes the CRM, `erpTab` left out means everyone. Groups that it newly names must be in the CRM.',
    asks: true,
    headers: ['etag'],
    refuses: {
      rejected: testFailed,
      conflict:
        'The CRM is to be removed while a connection is active or suspended, or groups are named while there is none.',
    },
    example: {
      crm: {
        kind: 'crm-kind',
        address: 'https://crm.example.com',
        clientId: 'app-1',
        systemToken: 'Cust12345-abcdefgh',
        clientSecret: { set: true },
        privateKey: { set: true },
      },
      defaultConflictPolicy: { kind: 'latest-wins', fallback: 'crm' },
      retentionDays: 90,
    },
  },
  testTenant: {
    tag: 'Tenant',
    summary: 'Test the CRM',
    description:
      'Signs in to the CRM and reads its fields, with the settings sent or else the stored ones; stores nothing.',
    asks: true,
    refuses: { rejected: testFailed, conflict: `${noCrmYet} Send the ones to test as \`crm\`.` },
    example: {},
  },

  readEngine: {
    tag: 'Engine',
    summary: 'Read whether the engine runs',
    description:
      'The switch, the interval of connections without one of their own, and how many connections are active.',
    headers: ['etag'],
  },
  saveEngine: {
    tag: 'Engine',
    summary: 'Switch the engine on or off',
    description:
      'While it is off nothing is polled and no run does anything, except what a person asks of records by name or with `force`. What changes meanwhile is found once it is on again.',
    headers: ['etag'],
    example: { running: true, defaultIntervalMinutes: 5 },
  },

  listConnectorTypes: {
    tag: 'Connectors',
    summary: 'List the kinds of ERP',
    description: 'The kinds that are built in, each with the fields that a connection of it needs filled in.',
    order: 'In a fixed order.',
  },
  listConnectors: {
    tag: 'Connectors',
    summary: 'List connectors',
    description: 'Every Sync Connector of the tenant, with how many connections use it.',
    order: 'In the order in which they were made.',
  },
  addConnector: {
    tag: 'Connectors',
    summary: 'Add a connector',
    description:
      'Stores a kind of ERP with its address. Nothing is asked of the address yet: test it, then make a connection.',
    headers: ['etag', 'location'],
    refuses: { conflict: nameTaken },
    example: { kind: 'erp-kind', name: 'Our ERP', url: 'https://erp.example.com' },
  },
  readConnector: {
    tag: 'Connectors',
    summary: 'Read a connector',
    description: 'One Sync Connector, with the ETag that changing and removing it need.',
    headers: ['etag'],
  },
  changeConnector: {
    tag: 'Connectors',
    summary: 'Replace a connector',
    description:
      'Changes its name or address; the kind stays. With another address its connections are marked *secret needed* and left alone until their secrets are entered again, so that no secret goes where it was not tested.',
    headers: ['etag'],
    refuses: { conflict: nameTaken },
    example: { kind: 'erp-kind', name: 'Our ERP', url: 'https://erp2.example.com' },
  },
  removeConnector: {
    tag: 'Connectors',
    summary: 'Remove a connector',
    description: 'Only while no connection uses it; deleted connections count, for they can be restored.',
    refuses: { conflict: 'Connections use it.' },
  },
  testConnector: {
    tag: 'Connectors',
    summary: 'Test the address of a connector',
    description: 'Asks whether an ERP of this kind answers at the address. Needs no credentials and stores nothing.',
    asks: true,
    refuses: { rejected: testFailed },
  },
  listConfigFields: {
    tag: 'Connectors',
    summary: 'List what a connection has to fill in',
    description: 'The configuration fields of this kind of ERP: what goes into `config` of a connection.',
    order: 'In the order in which a form asks for them.',
    refuses: { misconfigured: 'The kind of the connector is no longer built in.' },
  },

  listConnections: {
    tag: 'Connections',
    summary: 'List connections',
    description:
      'Deleted ones only with `includeDeleted=true`. The role `user` gets those in whose scope they are, and of each how it stands.',
    order: 'In sync order, the first one winning over the others.',
  },
  createConnection: {
    tag: 'Connections',
    summary: 'Make a connection',
    description:
      'Signs in to the ERP before it stores anything. The connection is inactive: save its mappings, then activate it. Whom `scope` names must be in the CRM.',
    asks: true,
    headers: ['etag', 'location'],
    refuses: {
      rejected: testFailed,
      conflict: `${nameTaken} ${noCrmYet} A scope that names somebody needs them.`,
      misconfigured: 'The kind of the connector is no longer built in, or the CRM does not tell of its people.',
    },
    example: {
      connectorId: '01KB1Z5P9V6M2T8Q4R7X3Y0CON',
      name: 'Demo ERP',
      config: connectionConfig,
      conflictPolicy: { kind: 'crm-wins' },
    },
  },
  copyConnection: {
    tag: 'Connections',
    summary: 'Copy a connection',
    description:
      'The start of the next company of the same ERP: mappings, filters, list pairs, default values, scope and settings go along, links do not. To another address or company a pair goes along only where both ERPs show its item by the same text. Tested with the ERP first; a stored secret goes along only to the address, company and user that it was tested with, else it has to be sent.',
    asks: true,
    headers: ['etag', 'location'],
    refuses: {
      rejected: testFailed,
      conflict: `${nameTaken} ${deleted} ${moved} It is suspended, and has list pairs that would go to another ERP.`,
      misconfigured: 'The kind of the connector is no longer built in.',
    },
    example: { name: 'Demo ERP (Belgium)', config: { database: 'belgium', password: 'battery staple' } },
  },
  testConfiguration: {
    tag: 'Connections',
    summary: 'Test a configuration that is not saved',
    description: 'Signs in to the ERP with the values sent and answers the actor types it offers; stores nothing.',
    asks: true,
    refuses: { rejected: testFailed, misconfigured: 'The kind of the connector is no longer built in.' },
    example: { connectorId: '01KB1Z5P9V6M2T8Q4R7X3Y0CON', config: connectionConfig },
  },
  orderConnections: {
    tag: 'Connections',
    summary: 'Put the connections in order',
    description:
      'The whole list of connection ids, first the one whose edits win where several connections meet in one CRM record.',
    refuses: { stale: metAnother },
    example: { connectionIds: ['01KB1Z6A4C8N1V5H9J2K7M3CNN', '01KB1Z6A4C8N1V5H9J2K7M4CNN'] },
  },
  readConnection: {
    tag: 'Connections',
    summary: 'Read a connection',
    description:
      'Its settings, state and brakes, with the ETag that changing and deleting it need. Secrets read as `{"set": true}`. The role `user` gets how it stands.',
    headers: ['etag'],
  },
  changeConnection: {
    tag: 'Connections',
    summary: 'Change a connection',
    description:
      'A merge patch (RFC 7396): what is left out stays, `null` removes. `config` is tested with the ERP first; while the connection is active only passwords in it can be replaced. Whom `scope` newly names must be in the CRM.',
    asks: true,
    headers: ['etag'],
    refuses: {
      rejected: testFailed,
      conflict: `${nameTaken} ${deleted} Or more of \`config\` than passwords is to be changed while it is active.`,
      misconfigured: 'The kind of the connector is no longer built in, or the tenant has no CRM settings.',
    },
    example: {
      name: 'Demo ERP (Utrecht)',
      scope: { groups: ['2'] },
      intervalMinutes: 15,
      allowances: { blanks: { links: 25, share: 0.001 } },
    },
  },
  deleteConnection: {
    tag: 'Connections',
    summary: 'Delete a connection',
    description:
      'It stops, and is kept with its links and secrets until it is purged: it can be restored. Safe to repeat.',
    refuses: { stale: metAnother },
  },
  testConnection: {
    tag: 'Connections',
    summary: 'Test a connection',
    description:
      'Signs in to the ERP with the stored settings. A success resumes a suspended connection, and has actor types that were set aside tried again.',
    asks: true,
    headers: ['etag'],
    refuses: { rejected: testFailed, conflict: `${deleted} ${moved} ${noCrmYet}`, stale: metAnother },
  },
  activateConnection: {
    tag: 'Connections',
    summary: 'Activate a connection',
    description:
      'Tests both systems, stores where their changes begin and starts the schedule; from now on linked records are kept in agreement. What stands in the way is listed whole.',
    asks: true,
    headers: ['etag'],
    refuses: {
      rejected:
        'It cannot be activated: `errors` lists every reason, `explanation` holds the words of a system that refused.',
      conflict: `${deleted} ${moved} ${suspended} ${noCrmYet}`,
      stale: metAnother,
    },
  },
  deactivateConnection: {
    tag: 'Connections',
    summary: 'Deactivate a connection',
    description:
      'Ends its runs and its schedule. Links, cursors and what is due stay for the next activation. Safe to repeat.',
    headers: ['etag'],
    refuses: { conflict: deleted, stale: metAnother },
  },
  restoreConnection: {
    tag: 'Connections',
    summary: 'Restore a deleted connection',
    description: 'It is inactive, with the links and secrets that it had: activate it to go on.',
    headers: ['etag'],
    refuses: {
      conflict: `The connection is not deleted, or is being removed for good. ${nameTaken}`,
      stale: metAnother,
    },
  },
  summariseConnection: {
    tag: 'Connections',
    summary: 'Read how a connection is doing',
    description:
      'Last poll and sync, brakes, allowances, and per actor type how many fields are mapped, links there are in each state, and failures and conflicts wait.',
  },

  ...textsOfMappings,
  ...textsOfConfig,
} as const satisfies Readonly<Record<keyof (typeof registry)['connections'], OperationText>>;
