import type { registry } from '../registry.ts';
import type { OperationText } from './operation-text.ts';

const noConnection = 'The connection does not exist.';
const notActive = 'The connection is not active: activate it first.';
const changing = 'The link is being changed all the time: repeat the request.';

export const textsOfLinks = {
  eraseRecord: {
    tag: 'Links',
    summary: "Erase a person's data",
    description:
      'Of a CRM record: its links are disconnected without their values, its failures and conflicts go, its log keeps when, which field and why, and no value. What the CRM and the ERP hold is not touched. It cannot be taken back.',
    asks: true,
    refuses: {
      conflict:
        'A link of the record is being written: repeat the request in a minute. Or the tenant has no CRM settings.',
    },
  },
  readMappingExample: {
    tag: 'Mappings',
    summary: 'Read both sides of one real record',
    description:
      'Every field of the ERP and of the CRM with what it holds now: of the record that is named, else of one that was synchronised last, else of the first that the ERP finds.',
    asks: true,
    refuses: {
      'not-found': 'There is no such connection, actor type or linked record.',
      conflict: 'The connection is deleted, suspended, or waits for its secrets.',
    },
  },
  searchActors: {
    tag: 'Actors',
    summary: 'Search the ERP for actors',
    description:
      'Finds actors whose searchable mapped fields hold the text `q`; without it all are listed. Each hit says whether it is linked already.',
    order: 'In the order of the ERP.',
    asks: true,
    refuses: { conflict: 'The connection is deleted, suspended, or waits for its secrets.' },
  },
  readActor: {
    tag: 'Actors',
    summary: 'Read one actor of the ERP',
    description:
      'The actor with all its fields as the ERP has them now, texts of list items beside their keys. A slash in the key may be sent as it is or as `%2F`.',
    asks: true,
    refuses: { conflict: 'The connection is deleted, suspended, or waits for its secrets.' },
  },

  previewLinks: {
    tag: 'Links',
    summary: 'Show what linking would write',
    description:
      'Reads both records of each pair and answers field by field what would be written where and why; writes nothing. Send the `fingerprint` of a field back with a choice, so that the choice holds for these values only.',
    asks: true,
    refuses: {
      'not-found': noConnection,
      conflict: notActive,
      'too-large': 'The answer would pass 5 MB: `detail` says how many pairs would fit.',
    },
    example: {
      connectionId: '01KB1Z6A4C8N1V5H9J2K7M3CNN',
      pairs: [{ actorType: 'customer', erpKey: '1042', crmType: 'company', crmKey: '317' }],
    },
  },
  connectLinks: {
    tag: 'Links',
    summary: 'Link records',
    description:
      'Links each pair that can be and starts one run that brings the records into agreement; a refused pair says why in its item. Where fields differ, `choices` say which side to keep, else the conflict policy decides.',
    asks: true,
    headers: ['location'],
    refuses: {
      'not-found': noConnection,
      conflict: `${notActive} Or none of the pairs can be linked: \`errors\` says why for each, and names the link in the way.`,
    },
    example: {
      connectionId: '01KB1Z6A4C8N1V5H9J2K7M3CNN',
      pairs: [
        {
          actorType: 'customer',
          erpKey: '1042',
          crmKey: '317',
          choices: [{ erpField: 'PHONE', crmField: 'phone', keep: 'crm', fingerprint: 'q2VnR8sYt0uLw4bX' }],
        },
      ],
    },
  },
  listLinks: {
    tag: 'Links',
    summary: 'List links',
    description:
      'All links, or those of a connection, CRM record, ERP actor or state. `crmKey` needs `crmType`; `erpKey` needs `connectionId` and `actorType`. The role `user` names the CRM record.',
    order:
      'Of a CRM record newest first; else connection by connection in sync order, and within each in the order of storage, which stays the same from page to page.',
    refuses: {
      'not-found': 'The connection of an `erpKey` does not exist.',
      misconfigured: 'The CRM cannot be opened to tell where its type of record lives.',
    },
  },
  readLink: {
    tag: 'Links',
    summary: 'Read a link',
    description:
      'The link with what is remembered of each mapped field, keyed `erpField~crmField`. Asks neither system.',
  },
  explainLink: {
    tag: 'Links',
    summary: 'Explain every field of a link',
    description:
      'Reads both records and tells for each mapped field both values, how it stands, why, and which change brought the value there. A side that cannot be read says so in `sides`, and the rest is answered.',
    asks: true,
  },
  disconnectLink: {
    tag: 'Links',
    summary: 'Disconnect a link',
    description:
      'Both records stay as they are, with what the link wrote to them, and may be linked anew; nothing is written back. The answer says how many fields that is on each side, and where the log has the values that were replaced. The link is kept with its history. Safe to repeat.',
    refuses: { stale: changing },
  },
  restoreLink: {
    tag: 'Links',
    summary: 'Restore a broken or disconnected link',
    description: 'Takes both records again, keeps what was last agreed, and starts a run over the link.',
    headers: ['location'],
    refuses: {
      conflict: `The link is in another state, or one of its records is linked elsewhere meanwhile (\`detail\` names the link). ${notActive}`,
      stale: changing,
    },
  },
  moveLink: {
    tag: 'Links',
    summary: 'Move a link to the surviving record',
    description:
      'For a link that stopped because one of its records was merged into another. The key may be left out where the system said which record that is; preview the pair first with `linkId`.',
    asks: true,
    headers: ['location'],
    refuses: {
      conflict: `Its records were not merged, the other record is linked already (\`detail\` names the link), or it cannot be linked. ${notActive}`,
      stale: changing,
    },
    example: { crmKey: '318', choices: [] },
  },
} as const satisfies Readonly<Record<keyof (typeof registry)['links'], OperationText>>;
