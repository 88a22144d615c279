import { type ConfigPatch, patchedInput } from '../../core/mapping/config-values.ts';
import type { WholeActorType, WholeSetup } from '../../core/model/connection-setup.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import { found } from '../found.ts';
import { liveSetup, refuseMoved } from '../systems/live-setup.ts';
import type { ConnectionView } from './connection-view.ts';
import { copiedPairs } from './copied-pairs.ts';
import { createFrom, type Origin } from './create-connection.ts';

export interface CopyRequest {
  readonly name: string;
  readonly description?: string | undefined;
  /** A merge patch over the configuration that is copied, such as the database of the next company. */
  readonly config?: ConfigPatch | undefined;
}

/** What a copy takes over of an actor type: its mapping and filter, and what the ERP offered of it; nothing that was met since. */
function copied(type: WholeActorType): WholeActorType {
  const { activatedFingerprint: _activated, suspended: _aside, mappingVersion: _version, ...setup } = type;
  return { ...setup, revision: 1 };
}

/**
 * A connection as the start of another one to the same ERP: inactive, with its mappings, list pairs and settings, without
 * links. Its configuration is tested; a stored secret goes along only to where it was tested, else it has to be entered.
 */
export async function copyConnection(
  app: Application,
  caller: Caller,
  id: string,
  { name, description, config: patch = {} }: CopyRequest,
): Promise<ConnectionView> {
  const { tenantId } = caller;
  const setup: WholeSetup = await liveSetup(app, tenantId, id);
  const source = await refuseMoved(app, setup.connection);
  const connector = found(await app.connectors.get(tenantId, source.connectorId), 'connector', source.connectorId);
  const config = patchedInput(source, patch);
  const { scope, intervalMinutes, conflictPolicy, allowances } = source;
  const settings = {
    name,
    description: description ?? source.description,
    scope,
    intervalMinutes,
    conflictPolicy,
    allowances,
  };
  const origin: Origin = {
    connection: source,
    types: setup.actorTypes.map(copied),
    pairsFor: (erp, to) => copiedPairs(app, setup, { erp, address: connector.url, config: to }),
  };
  return createFrom(app, caller, { ...settings, config, connector, origin });
}
