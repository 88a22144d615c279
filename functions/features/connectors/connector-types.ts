import { type FieldFault, SyncError } from '../../core/errors.ts';
import type { Side } from '../../core/model/side.ts';
import type { ConnectorType } from '../../ports/record-systems.ts';
import type { Application } from '../application.ts';

/** What is built in for a stored kind; SyncError `misconfigured` where it no longer is. */
export function connectorTypeOf(app: Application, side: Side, kind: string): ConnectorType {
  const type = builtInType(app, side, kind);
  if (!type) throw new SyncError('misconfigured', `The kind ${kind} is not built in (any more).`);
  return type;
}

export function builtInType(app: Application, side: Side, kind: string): ConnectorType | undefined {
  return app.systems.connectorTypes(side).find((candidate) => candidate.kind === kind);
}

/** What is wrong with a kind that was sent: none of the built-in ones. */
export function kindFaults(app: Application, side: Side, kind: string, path: string): FieldFault[] {
  const kinds = app.systems.connectorTypes(side).map((type) => type.kind);
  if (kinds.includes(kind)) return [];
  return [{ path, message: `There is no such kind; known: ${kinds.join(', ')}` }];
}
