import { inParallel } from '../../core/in-parallel.ts';
import { sameItems } from '../../core/mapping/list-pairing.ts';
import { listsInUse } from '../../core/mapping/lists-in-use.ts';
import type { ConnectionSetup, ListPairing } from '../../core/model/connection-setup.ts';
import type { ConfigValues } from '../../core/model/connector.ts';
import { sameContent } from '../../core/values/same-content.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import type { Application } from '../application.ts';
import { refuseSuspended } from '../systems/live-setup.ts';

const listsAtOnce = 4;

/** Where a copy leads. */
interface Copied {
  readonly erp: RecordSystem;
  readonly address: string;
  readonly config: ConfigValues;
}

/**
 * The pairs that a copy begins with, of the lists in use. At another address or company a key may be another item's: there a
 * pair goes along only where both ERPs show the same text for it.
 */
export async function copiedPairs(app: Application, setup: ConnectionSetup, copy: Copied): Promise<ListPairing[]> {
  const { connection, actorTypes } = setup;
  const pairings = listsInUse(setup, actorTypes).flatMap(({ pairing }) => pairing ?? []);
  const isSame = connection.connectorUrl === copy.address && sameContent(connection.config, copy.config);
  if (isSame || pairings.length === 0) return pairings;
  refuseSuspended(connection);
  const erp = await app.systems.erp(connection);
  return inParallel(pairings, listsAtOnce, async (pairing) => {
    const items = [await erp.listItems(pairing.erpList), await copy.erp.listItems(pairing.erpList)] as const;
    return sameItems(pairing, ...items);
  });
}
