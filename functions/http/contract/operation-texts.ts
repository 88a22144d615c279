import type { OperationId, operations, SessionOperationId, sessionOperations } from '../registry.ts';
import type { OperationText } from './operation-text.ts';
import { textsOfConnections } from './texts-of-connections.ts';
import { textsOfLinks } from './texts-of-links.ts';
import { textsOfSession } from './texts-of-session.ts';
import { textsOfSync } from './texts-of-sync.ts';

type Id = OperationId | SessionOperationId;
/** A list does not compile without its order. */
type TextOf<One extends Id> = (typeof operations & typeof sessionOperations)[One] extends { list: true }
  ? OperationText & { readonly order: string }
  : OperationText & { readonly order?: never };

/** What readers of the contract are told of each operation. */
export const operationTexts: { readonly [One in Id]: TextOf<One> } = {
  ...textsOfConnections,
  ...textsOfSession,
  ...textsOfLinks,
  ...textsOfSync,
};
