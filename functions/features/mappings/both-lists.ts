import type { BySide } from '../../core/model/by-side.ts';
import type { ConnectionSetup } from '../../core/model/connection-setup.ts';
import type { ListItem } from '../../core/model/field.ts';
import type { Side } from '../../core/model/side.ts';
import type { RecordSystem } from '../../ports/record-system.ts';
import type { Application } from '../application.ts';
import { refuseSuspended } from '../systems/live-setup.ts';
import { tenantCrm } from './remote-metadata.ts';

/** Items of the lists of both sides as they are now, each list read once however often it is asked for. */
export type ReadList = (side: Side, name: string) => Promise<readonly ListItem[]>;

/** Nothing is asked of a system before one of its lists is. */
export function bothLists(app: Application, { connection }: ConnectionSetup, language: string | undefined): ReadList {
  return listsOf(
    {
      crm: () => tenantCrm(app, connection.tenantId),
      erp: async () => {
        refuseSuspended(connection);
        return app.systems.erp(connection);
      },
    },
    language,
  );
}

/** Lists of systems as they are opened. */
export function listsOf(systems: BySide<() => Promise<RecordSystem>>, language?: string): ReadList {
  const opened = new Map<Side, Promise<RecordSystem>>();
  const lists = new Map<string, Promise<readonly ListItem[]>>();
  return (side, name) => {
    const key = JSON.stringify([side, name]);
    const known = lists.get(key);
    if (known) return known;
    const system = opened.get(side) ?? systems[side]();
    opened.set(side, system);
    const items = system.then((open) => open.listItems(name, language));
    lists.set(key, items);
    return items;
  };
}
