import type { OperationId } from '../registry.ts';
import type { OperationText } from './operation-text.ts';
import { textsOfConnections } from './texts-of-connections.ts';
import { textsOfLinks } from './texts-of-links.ts';
import { textsOfSync } from './texts-of-sync.ts';

/** What readers of the contract are told of each operation. */
export const operationTexts: Readonly<Record<OperationId, OperationText>> = {
  ...textsOfConnections,
  ...textsOfLinks,
  ...textsOfSync,
};
