import type { CrmType } from '../functions/core/model/actor-type.ts';

/** A person's edit in the CRM, at the simulator's own door. */
export async function editInCrm(
  controlUrl: string,
  { crmType, crmKey }: { readonly crmType: CrmType; readonly crmKey: string },
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await fetch(`${controlUrl}/records/${crmType}/${crmKey}`, {
    method: 'PATCH',
    body: JSON.stringify(changes),
  });
  if (!answer.ok) throw new Error(`The CRM's own door answered ${answer.status} to an edit of ${crmType} ${crmKey}.`);
}
