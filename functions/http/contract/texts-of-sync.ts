import type { registry } from '../registry.ts';
import type { OperationText } from './operation-text.ts';

const asTriggered = 'The connection is not active, or the engine is stopped and the run is not forced.';
const brakeConflict =
  'The run was not stopped by a brake, the brake stands no more or is being answered, or the connection is not active.';

export const textsOfSync = {
  dryRunMapping: {
    tag: 'Mappings',
    summary: 'Try a mapping before it is saved',
    description:
      'Checks the mapping as saving would, and starts a dry run that plans all linked records by it: follow it at `Location`, where `planned` says how many it would write, with examples. Nothing is saved or written; it works on an active connection and on an inactive one.',
    headers: ['location'],
    refuses: {
      rejected: 'Rows that cannot work are listed in `errors`, each with the reason.',
      conflict:
        'The connection is deleted, suspended or waits for its secrets, or another mapping of this type is being tried.',
      stale: 'Another request changed it at the same moment: repeat this one.',
    },
    example: { active: true, fields: [{ erpField: 'PHONE', crmField: 'phone', direction: 'both' }] },
  },
  triggerRun: {
    tag: 'Sync runs',
    summary: 'Start a sync run',
    description:
      'Starts a run over named records, an actor type, a connection or all of them, and answers it as it was queued: follow it at `Location`. If one of that kind and scope waits already, that one is answered. What is missing or does not go together is told at once, with what would be right. The role `user` starts runs of kind `sync` over named links or a CRM record, without `dryRun` and `force`.',
    headers: ['location'],
    asks: true,
    refuses: {
      'not-found': 'The connection, or a link that is named, does not exist, or no link in this scope is in use.',
      conflict: asTriggered,
    },
    example: {
      kind: 'sync',
      connectionId: '01KB1Z6A4C8N1V5H9J2K7M3CNN',
      scope: { kind: 'erp-keys', actorType: 'customer', erpKeys: ['1042', '1043'] },
    },
  },
  listRuns: {
    tag: 'Sync runs',
    summary: 'List sync runs',
    description: 'Of one connection or of all. A poll that found nothing to do leaves no run.',
    order: 'Newest first.',
  },
  readRun: {
    tag: 'Sync runs',
    summary: 'Read a sync run',
    description:
      'State, counters and what it waits for. Counters grow while it runs; it has ended once `endedAt` is there. The role `user` reads the runs that it started.',
  },
  cancelRun: {
    tag: 'Sync runs',
    summary: 'Cancel a sync run',
    description: 'What was written stays; links that were not looked at yet stay due for another run.',
    refuses: { conflict: 'The run has ended already.' },
  },
  continueRun: {
    tag: 'Sync runs',
    summary: 'Let through what a brake withheld',
    description:
      'For a run that a brake stopped: starts a run that writes what was withheld, and lifts the brake. Look at the brake of the connection first: it shows what would happen to which links.',
    headers: ['location'],
    refuses: { conflict: brakeConflict, stale: 'Somebody answered the brake at the same moment.' },
  },
  dropRun: {
    tag: 'Sync runs',
    summary: 'Drop what a brake withheld',
    description:
      'For a run that a brake stopped: starts a run that holds the withheld fields until a value of them changes, and pauses links that would have been broken.',
    headers: ['location'],
    refuses: { conflict: brakeConflict, stale: 'Somebody answered the brake at the same moment.' },
  },
  listRunChanges: {
    tag: 'Sync runs',
    summary: 'List what a run changed',
    description:
      'Every field that the run wrote, or would write if it is a dry run; `Accept` may ask for CSV, a table for spreadsheets.',
    order: 'Newest first; of a run over several connections one of its runs after the other.',
  },

  listChanges: {
    tag: 'Changes',
    summary: 'List changes of fields',
    description:
      'What was written where, over what, why, and who lost where both sides had changed. `crmKey` needs `crmType`; entries are kept for the retention of the tenant. The role `user` names a link or CRM record; `Accept` may ask for CSV, a table for spreadsheets.',
    order:
      'Newest first: of a link, a run or a connection; of a CRM record link by link, the newest link first; of all, connection by connection in sync order.',
    refuses: { misconfigured: 'The CRM cannot be opened to tell where its type of record lives.' },
  },

  listConflicts: {
    tag: 'Conflicts',
    summary: 'List conflicts that wait for a person',
    description:
      'Fields that both sides changed and whose policy is `ask`, and others that wait for a decision, with all three values. `crmKey` needs `crmType`; the role `user` names a link or CRM record.',
    order:
      'Those of one link together, the link whose trouble began last first; of a CRM record the newest link first.',
    refuses: { misconfigured: 'The CRM cannot be opened to tell where its type of record lives.' },
  },
  resolveConflicts: {
    tag: 'Conflicts',
    summary: 'Resolve many conflicts alike',
    description:
      'Keeps one side of every waiting field that the filter names. Up to 500 a call: repeat it while `more` is true; what could not be resolved is listed in `refused`.',
    example: { keep: 'crm', connectionId: '01KB1Z6A4C8N1V5H9J2K7M3CNN', erpField: 'PHONE' },
  },
  resolveConflict: {
    tag: 'Conflicts',
    summary: 'Resolve one conflict',
    description:
      'Keeps one side, or enters another value in the form of the CRM, and starts a run that writes it. The decision holds for the values that were shown: a later edit is not overwritten.',
    asks: true,
    headers: ['location'],
    refuses: {
      conflict: 'A value was changed since, the field is no longer mapped, or the link is not written now.',
      stale: 'The link is being changed all the time: repeat the request.',
    },
    example: { keep: 'erp' },
  },

  getFailure: {
    tag: 'Failures',
    summary: 'Read a failure',
    description:
      'What is in trouble, since when, why, what the system said of it, and what mends it (`remedy`). One that was closed meanwhile is not found.',
  },
  listFailures: {
    tag: 'Failures',
    summary: 'List what needs attention',
    description:
      'Open failures of links, lists, connections and brakes, each with what mends it (`remedy`). One that succeeds later closes by itself. `crmKey` needs `crmType`; the role `user` names a link or CRM record.',
    order: 'By `firstAt`, newest first; of a CRM record by its links, the newest first.',
    refuses: { misconfigured: 'The CRM cannot be opened to tell where its type of record lives.' },
  },
  retryFailures: {
    tag: 'Failures',
    summary: 'Retry many failures',
    description:
      'Tries again every failure that the filter names, also what is parked until a value changes. Up to 500 a call: repeat it while `more` is true. Drift is looked at again for `admin` alone.',
    asks: true,
    example: { connectionId: '01KB1Z6A4C8N1V5H9J2K7M3CNN', kind: 'rejected' },
  },
  retryFailure: {
    tag: 'Failures',
    summary: 'Retry a failure',
    description:
      'Tries it again at once; a suspended connection, or actor type that was set aside, is tested instead. For drift both systems are asked again what they offer; as that changes the set-up, it is for `admin`.',
    asks: true,
    refuses: {
      rejected:
        'It is a suspended connection or actor type, and its test failed; `explanation` holds the words of the system.',
      conflict: 'The connection is not active.',
      stale: 'Another request changed the connection at the same moment.',
    },
  },
  dismissFailure: {
    tag: 'Failures',
    summary: 'Take a failure off the list',
    description:
      'What it is about stays as it is, and is listed again only for a new reason. The failure of drift takes the fields that it names and that are accepted as they are now; what it names beside them stays open, and so does what was found since it was read, or is another change of the same field. As that changes the set-up, it is for `admin`.',
    refuses: {
      conflict: 'A failure of drift names none of the fields any more: read it again.',
      stale: 'What the failure is about is being changed all the time: repeat the request.',
    },
    example: {
      fields: [{ field: 'customer.erp.PHONE', reason: 'drift-gone', firstAt: '2026-11-27T06:00:00.000Z' }],
    },
  },
} as const satisfies Readonly<Record<keyof (typeof registry)['sync'], OperationText>>;
