import { switchedOn } from '../../core/model/connection.ts';
import { connectionFailureId } from '../../core/model/failure.ts';
import { letProbe } from '../../sync/guards/heed-breaker.ts';
import { resumeActorTypes } from '../../sync/guards/resume-actor-types.ts';
import { unknownInScope } from '../access/named-people.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { changedAtOnce } from '../expect-revision.ts';
import { probeEnds, savedErp } from '../systems/connection-ends.ts';
import { liveCompactSetup, refuseMoved } from '../systems/live-setup.ts';
import { tenantOf } from '../tenants/tenant-of.ts';
import { probeStoredCrm } from '../tenants/tenant-settings.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { keepSchedule } from './keep-schedule.ts';
import { readConnection } from './read-connections.ts';
import { resumeTrail, trailOnConnection } from './trail-on-connection.ts';

/**
 * Tests a saved connection; 422 with the connector's explanation if it does not work. A success resumes a suspended one,
 * whose other end is tested too: it may have been the CRM that refused. Actor types that were set aside, and an ERP that is
 * left alone because it failed, are tried again. Whom its scope names and the CRM no longer has is told.
 */
export async function testConnection(app: Application, caller: Caller, id: string): Promise<ConnectionView> {
  const { tenantId } = caller;
  const { connection: saved, actorTypes } = await liveCompactSetup(app, tenantId, id);
  const connection = await refuseMoved(app, saved);
  await probeEnds(await savedErp(app, connection), undefined);
  await letProbe(app, { tenantId, connectionId: id, side: 'erp' });
  await resumeActorTypes(app, actorTypes, resumeTrail(app, caller, connection));
  if (connection.state !== 'suspended') {
    return { ...(await readConnection(app, tenantId, id)), unknownInScope: await unknownInScope(app, connection) };
  }
  await probeStoredCrm(app, await tenantOf(app, tenantId));
  const after = switchedOn(connection, app.runtime.now());
  const trail = trailOnConnection(app, caller, 'connection.resume', { before: connection, after });
  const resumed = await app.connections.replace(after, trail);
  if (!resumed) throw changedAtOnce('connection');
  await app.failures.close(tenantId, connectionFailureId(id));
  await keepSchedule(app, tenantId, id);
  return { ...connectionView(resumed), unknownInScope: await unknownInScope(app, resumed) };
}
