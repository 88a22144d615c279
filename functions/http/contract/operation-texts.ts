import type { OperationId, SessionOperationId } from '../registry.ts';
import type { OperationText } from './operation-text.ts';
import { textsOfConnections } from './texts-of-connections.ts';
import { textsOfLinks } from './texts-of-links.ts';
import { textsOfSession } from './texts-of-session.ts';
import { textsOfSync } from './texts-of-sync.ts';

/** What readers of the contract are told of each operation. */
export const operationTexts: Readonly<Record<OperationId | SessionOperationId, OperationText>> = {
  ...textsOfConnections,
  ...textsOfSession,
  ...textsOfLinks,
  ...textsOfSync,
};
