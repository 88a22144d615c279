import { isMapped } from '../../core/mapping/mapping.ts';
import { allowanceOf, byKind, limitOf, noActs } from '../../core/model/brake.ts';
import { driftOfTypes, setAsideView } from '../../core/model/connection-setup.ts';
import { progressOf } from '../../core/model/sweep.ts';
import { linksIn } from '../../sync/guards/message-facts.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { namedBrakes } from './named-brakes.ts';

/** Whether it runs, when it last did, and per actor type what is mapped, linked and waiting for people. */
export async function summariseConnection(app: Application, tenantId: string, id: string) {
  // By key: the query of the set-up would be a call of its own.
  const [setup, activity, counts] = await Promise.all([
    app.connections.getWithTypes(tenantId, id),
    app.connections.activity(tenantId, id),
    app.connections.summary(tenantId, id),
  ]);
  const { connection, actorTypes, brakes } = found(setup, 'connection', id);
  const { allowances } = connection;
  const links = linksIn(counts);
  return {
    connectionId: connection.id,
    state: connection.state,
    active: connection.state === 'active',
    suspension: connection.suspension,
    brakes: await namedBrakes(app, tenantId, brakes),
    drift: driftOfTypes(actorTypes),
    allowances: byKind((kind) => ({ ...allowanceOf(kind, allowances), aDay: limitOf(kind, allowances, links) })),
    lastSyncAt: activity.lastSyncAt,
    lastPolledAt: activity.lastPolledAt,
    sweep: activity.sweep && {
      begunAt: activity.sweep.begunAt,
      complete: Object.keys(activity.sweep.underWay).length === 0,
      ...progressOf(activity.sweep),
    },
    actorTypes: actorTypes.map((type) => ({
      actorType: type.actorType,
      crmType: type.crmType,
      active: type.active,
      suspended: setAsideView(type),
      mappedFields: type.fields.filter(isMapped).length,
      links: counts[type.actorType]?.links ?? { pending: 0, active: 0, paused: 0, broken: 0, disconnected: 0 },
      failures: counts[type.actorType]?.failures ?? 0,
      held: counts[type.actorType]?.held ?? 0,
      withheld: counts[type.actorType]?.withheld ?? noActs(),
    })),
  };
}
