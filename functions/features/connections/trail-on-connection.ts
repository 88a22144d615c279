import { connectionState, setAsideState } from '../../core/audit/set-up-states.ts';
import type { AuditAct } from '../../core/model/audit.ts';
import type { Connection } from '../../core/model/connection.ts';
import type { ActorTypeSetup } from '../../core/model/connection-setup.ts';
import type { Trail } from '../../ports/audit.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { trailOf } from '../audit/trail-of.ts';

interface PartChange {
  readonly act: AuditAct;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** The trail of what somebody does to a part of a connection: its actor types, its list pairs. */
export function trailOnPart(
  app: Pick<Application, 'runtime'>,
  caller: Caller,
  { id, name }: Pick<Connection, 'id' | 'name'>,
  change: PartChange,
): Trail {
  return trailOf(app.runtime, caller, { ...change, subject: { kind: 'connection', id, name }, depth: 3 });
}

/** The trail of what somebody does to a connection; nothing before: it is made. */
export function trailOnConnection(
  app: Application,
  caller: Caller,
  act: AuditAct,
  states: { readonly before?: Connection; readonly after: Connection },
): Trail {
  const { before, after } = states;
  return trailOf(app.runtime, caller, {
    act,
    subject: { kind: 'connection', id: after.id, name: after.name },
    before: before && connectionState(before),
    after: connectionState(after, before),
  });
}

/** The trail of who takes up an actor type that was set aside. */
export function resumeTrail(
  app: Application,
  caller: Caller,
  connection: Pick<Connection, 'id' | 'name'>,
): (type: ActorTypeSetup) => Trail {
  return (type) =>
    trailOnPart(app, caller, connection, {
      act: 'connection.resume',
      before: setAsideState(type),
      after: setAsideState({ ...type, suspended: undefined }),
    });
}
