import type { SyncError } from '../../core/errors.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

type Ids = Readonly<Record<string, string | number | boolean>>;

type Told =
  | { readonly kind: 'info'; readonly event: string; readonly ids: Ids }
  | { readonly kind: 'failure'; readonly event: string; readonly error: SyncError; readonly ids: Ids }
  | { readonly kind: 'count'; readonly event: string; readonly value: number; readonly ids: Ids };

export interface MemoryTelemetry extends Telemetry {
  readonly told: readonly Told[];
}

export function memoryTelemetry(): MemoryTelemetry {
  const told: Told[] = [];
  return {
    told,
    info: (event, ids = {}) => void told.push({ kind: 'info', event, ids }),
    failure: (event, error, ids = {}) => void told.push({ kind: 'failure', event, error, ids }),
    count: (event, value, ids = {}) => void told.push({ kind: 'count', event, value, ids }),
  };
}
