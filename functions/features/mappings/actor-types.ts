import { inRankOrder } from '../../core/mapping/defaults.ts';
import { type ActorTypeSetup, setAsideView } from '../../core/model/connection-setup.ts';
import type { FieldMetadata } from '../../core/model/field.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Application } from '../application.ts';
import { pageOf } from '../page-of.ts';
import { liveSetup } from '../systems/live-setup.ts';

export interface ActorTypeView extends Pick<ActorTypeSetup, 'actorType' | 'crmType' | 'label' | 'active'> {
  readonly suspended?: ReturnType<typeof setAsideView>;
  readonly fields: readonly FieldMetadata[];
}

/** An actor type with what the ERP says of its fields, in rank order. */
export function actorTypeView(type: ActorTypeSetup): ActorTypeView {
  const { actorType, crmType, label, active, erpFields, fieldOrder } = type;
  const fields = inRankOrder(erpFields, fieldOrder);
  return { actorType, crmType, label, active, suspended: setAsideView(type), fields };
}

/** The types that the connection's ERP offers. */
export async function listActorTypes(
  app: Application,
  tenantId: string,
  connectionId: string,
  page: PageRequest,
): Promise<Page<ActorTypeView>> {
  const { actorTypes } = await liveSetup(app, tenantId, connectionId);
  return pageOf(actorTypes.map(actorTypeView), page);
}
