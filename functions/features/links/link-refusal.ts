import type { ConnectResult } from '../../ports/links.ts';

/** Why a pair was not connected; `takenBy` is the link that stands in the way. */
export interface LinkRefusal {
  readonly reason:
    | 'erp-actor-missing'
    | 'crm-record-missing'
    | 'erp-actor-linked'
    | 'crm-record-linked'
    | 'crm-record-linked-by-another-connection';
  readonly takenBy?: string | undefined;
}

const reasonOf = {
  'erp-actor': 'erp-actor-linked',
  'crm-record': 'crm-record-linked',
  'crm-record-linked': 'crm-record-linked-by-another-connection',
} as const;

/** What a refused claim means to people. */
export function refusalOf(taken: Extract<ConnectResult, { result: 'taken' }>): LinkRefusal {
  return { reason: reasonOf[taken.by], takenBy: taken.takenBy };
}

export function refusalText({ reason, takenBy }: LinkRefusal): string {
  const texts: Readonly<Record<LinkRefusal['reason'], string>> = {
    'erp-actor-missing': 'The ERP has no such actor',
    'crm-record-missing': 'The CRM has no such record',
    'erp-actor-linked': 'The ERP actor is linked already',
    'crm-record-linked': 'The CRM record is linked already',
    'crm-record-linked-by-another-connection': 'The CRM record is linked through another connection',
  };
  return takenBy === undefined ? texts[reason] : `${texts[reason]}, by link ${takenBy}`;
}

/** As callers of the API see it. */
export function refusalView({ reason, takenBy }: LinkRefusal) {
  return { reason, holder: takenBy };
}
