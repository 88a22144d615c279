import type { ConnectionSetup } from '../model/connection-setup.ts';
import { fieldKey } from '../model/link.ts';
import type { WaitingLink, WaitsFor } from '../model/waiting-link.ts';
import { counterpartOf } from '../values/convert.ts';
import { mappedFields } from './mapped-fields.ts';
import type { MappedField } from './mapping.ts';

/** What a wait is for, and whether it is over; nothing where its field is mapped no more. */
export interface AwaitedItem extends WaitsFor {
  readonly mapped: MappedField;
  readonly isMapped: boolean;
}

/** The waits of a link, with the rows of the mapping that they belong to. */
export function awaitedItems(setup: ConnectionSetup, { actorType, waits }: WaitingLink): AwaitedItem[] {
  const fields = mappedFields(setup, actorType);
  return waits.flatMap((wait) => {
    const mapped = fields.find((field) => fieldKey(field) === wait.field);
    if (!mapped) return [];
    return [{ ...wait, mapped, isMapped: counterpartOf(mapped, wait.side, wait.item) !== undefined }];
  });
}

/** Whether something that a link waits for is mapped by now. */
export function isMappedByNow(setup: ConnectionSetup): (link: WaitingLink) => boolean {
  return (link) => awaitedItems(setup, link).some(({ isMapped }) => isMapped);
}
