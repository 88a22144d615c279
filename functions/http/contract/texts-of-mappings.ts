import type { OperationText } from './operation-text.ts';
import { deleted, metAnother, moved, noCrmYet, notInactive, suspended, testFailed } from './refusal-words.ts';

const listsNeed = 'Where lists are asked for: the tenant has no CRM settings, or its connector is at another address.';

/** Actor types, their mappings, and the fields and lists of both systems. */
export const textsOfMappings = {
  listActorTypes: {
    tag: 'Mappings',
    summary: 'List the actor types of a connection',
    description:
      'What the ERP offers, with its fields as they were last read; `missing` marks a field that it no longer has.',
    order: 'By `actorType`, from a to z; their fields in the order of the ERP tab.',
    refuses: { conflict: deleted },
  },
  refreshMetadata: {
    tag: 'Mappings',
    summary: 'Read the fields of both systems anew',
    description:
      'Asks the ERP and the CRM for their fields and pairs their lists. Mappings stay; those of fields that are gone are marked.',
    asks: true,
    refuses: { rejected: testFailed, conflict: `${deleted} ${moved} ${noCrmYet}`, stale: metAnother },
  },
  readMapping: {
    tag: 'Mappings',
    summary: 'Read the mapping of an actor type',
    description:
      'The mapped fields, and in `options` for every ERP field the CRM fields it can go with, in which directions, and why not in the others. Where two systems have so many fields that not all options fit, those of mapped fields come first, `optionsLeftOut` says how many fields are left, and `erpField` asks for those of one.',
    headers: ['etag'],
    refuses: { conflict: deleted },
  },
  saveMapping: {
    tag: 'Mappings',
    summary: 'Replace the mapping of an actor type',
    description:
      'Possible while the connection is inactive. Each row is checked against what both systems say of the fields, and an item of a list that a constant or a condition newly names by that list; all faults are named at once.',
    asks: true,
    headers: ['etag'],
    refuses: {
      rejected: 'Rows that cannot work are listed in `errors`, each with the reason.',
      conflict: `${notInactive} ${listsNeed}`,
    },
    example: {
      active: true,
      fields: [
        { erpField: 'NAME', crmField: 'name', direction: 'both', showInSearch: true, showInErpTab: true },
        { erpField: 'PHONE', crmField: 'phone', direction: 'both', noBlanks: true },
        {
          erpField: 'VATNO',
          crmField: 'vatNo',
          direction: 'toErp',
          enforce: true,
          conflictPolicy: { kind: 'crm-wins' },
        },
      ],
    },
  },
  readFieldOrder: {
    tag: 'Mappings',
    summary: 'Read the order of fields',
    description:
      'The order in which the ERP tab shows the fields of an actor type, with the ETag that changing it needs.',
    headers: ['etag'],
    refuses: { conflict: deleted },
  },
  saveFieldOrder: {
    tag: 'Mappings',
    summary: 'Put the fields of an actor type in order',
    description:
      'The order in which the ERP tab shows them; every field that the ERP offers is named once. Possible while the connection is inactive.',
    headers: ['etag'],
    refuses: {
      rejected: 'Fields that are missing, unknown or named twice are listed in `errors`.',
      conflict: notInactive,
    },
    example: { erpFields: ['NAME', 'PHONE', 'VATNO'] },
  },
  readDefaults: {
    tag: 'Mappings',
    summary: 'Read default values of new actors',
    description:
      'What a new ERP actor gets in which field, and the fields that can have a default. What the ERP requires is always mandatory.',
    headers: ['etag'],
    refuses: { conflict: deleted },
  },
  saveDefaults: {
    tag: 'Mappings',
    summary: 'Replace default values of new actors',
    description:
      'A fixed value, one to ask the user for, or a value that the user may change; each is checked by the type of its field, of a list by its items in the ERP. Possible while the connection is inactive.',
    asks: true,
    headers: ['etag'],
    refuses: {
      rejected: 'Values that cannot work are listed in `errors`, each with the reason.',
      conflict: notInactive,
    },
    example: {
      defaults: [
        { erpField: 'COUNTRY', value: '151', ask: true },
        { erpField: 'VATNO', ask: true, mandatory: true },
      ],
    },
  },
  listMappingVersions: {
    tag: 'Mappings',
    summary: 'List versions of a mapping',
    description: 'Every mapping that was saved: who, when, and which parts differ from the one before.',
    order: 'Newest first.',
  },
  readMappingVersion: {
    tag: 'Mappings',
    summary: 'Read a version of a mapping',
    description:
      'The mapping as it was saved, and what differs from the version before it, or from that named in `compareWith`.',
  },
  restoreMappingVersion: {
    tag: 'Mappings',
    summary: 'Bring back a version of a mapping',
    description:
      'Saves the mapping of an earlier version anew, as the newest version, checked like any that is saved. Possible while the connection is inactive.',
    asks: true,
    headers: ['etag'],
    refuses: {
      rejected: 'Rows that cannot work any more are listed in `errors`, each with the reason.',
      conflict: `${notInactive} ${listsNeed}`,
      stale: metAnother,
    },
  },
  readListMappings: {
    tag: 'Mappings',
    summary: 'Read the list mappings of a connection',
    description:
      'Of every two lists that mapped fields join: the pairs of items, items without a pair, and proposals for them by equal codes or texts. With `erpList` those of one list.',
    asks: true,
    headers: ['etag'],
    refuses: { conflict: `${deleted} ${suspended} ${noCrmYet}` },
  },
  saveListMappings: {
    tag: 'Mappings',
    summary: 'Replace list mappings',
    description:
      'Replaces the pairs of the lists that it names; the others stay. While the connection is active it may only add pairs for items that have none: the records that wait for them go by themselves.',
    asks: true,
    headers: ['etag'],
    refuses: {
      rejected: 'Pairs that cannot be are listed in `errors`, each with the reason.',
      conflict: `${deleted} ${suspended} ${noCrmYet} Or pairs that stand are to be changed while it is active.`,
    },
    example: { lists: [{ erpList: 'category', crmList: 'category', pairs: [{ erpItem: '4', crmItem: '2' }] }] },
  },
  listUnmappedItems: {
    tag: 'Mappings',
    summary: 'List items that records wait for',
    description:
      'Items that were met in a sync and have no counterpart yet, with how many links wait for each. Map them, and those records go by themselves.',
    order: 'Those that most links wait for first.',
    asks: true,
    refuses: { conflict: `${deleted} ${suspended} ${noCrmYet}` },
  },
  listErpItems: {
    tag: 'Mappings',
    summary: 'List the items of an ERP list',
    description: 'Keys and texts as the ERP has them now, asked of the ERP.',
    order: 'In the order of the ERP.',
    asks: true,
    refuses: { conflict: suspended },
  },
  listCrmItems: {
    tag: 'Mappings',
    summary: 'List the items of a CRM list',
    description: 'Keys and texts as the CRM has them now, asked of the CRM.',
    order: 'In the order of the CRM.',
    asks: true,
    refuses: { conflict: noCrmYet },
  },
  listCrmUsers: {
    tag: 'Mappings',
    summary: 'List the users of the CRM',
    description: 'People whom the scope of a connection may name, asked of the CRM.',
    order: 'By name.',
    asks: true,
    refuses: { conflict: noCrmYet },
  },
  listCrmGroups: {
    tag: 'Mappings',
    summary: 'List the groups of the CRM',
    description: 'Groups of people whom the scope of a connection may name, asked of the CRM.',
    order: 'By name.',
    asks: true,
    refuses: { conflict: noCrmYet },
  },
  listCrmFields: {
    tag: 'Mappings',
    summary: 'List the fields of a CRM type',
    description: 'The fields of companies, persons or projects that can be mapped, asked of the CRM.',
    order: 'In the order of the CRM.',
    asks: true,
    refuses: { conflict: noCrmYet },
  },
} as const satisfies Readonly<Record<string, OperationText>>;
