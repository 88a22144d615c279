import type { CrmRecordName } from '../../ports/record-sight.ts';
import type { OpenEnds } from '../../sync/open-ends.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { inSight } from './in-sight.ts';

/** Both ends of a connection, where those of the records that are hidden from the caller are not there. */
export async function endsAsSeen(
  app: Application,
  caller: Caller,
  context: OpenEnds,
  records: readonly CrmRecordName[],
): Promise<OpenEnds> {
  const sees = await inSight(app, caller, records);
  const hidden = new Set(records.filter((record) => !sees(record)).map(nameOf));
  if (hidden.size === 0) return context;
  return {
    ...context,
    crm: {
      ...context.crm,
      async get(type, keys, fields) {
        const isHidden = (crmKey: string) => hidden.has(nameOf({ crmType: type, crmKey }));
        const read = await context.crm.get(
          type,
          keys.filter((key) => !isHidden(key)),
          fields,
        );
        return { ...read, missing: [...read.missing, ...keys.filter(isHidden)] };
      },
    },
  };
}

function nameOf({ crmType, crmKey }: { readonly crmType: string; readonly crmKey: string }): string {
  return `${crmType} ${crmKey}`;
}
