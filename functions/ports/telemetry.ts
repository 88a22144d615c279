import type { SyncError } from '../core/errors.ts';

/** Structured facts for operators: ids and words only, never values, secrets or vendor text. */
export interface Telemetry {
  info(event: string, ids?: Readonly<Record<string, string | number | boolean>>): void;
  /** Logs the kind, the message and the stack of a failure. */
  failure(event: string, error: SyncError, ids?: Readonly<Record<string, string | number | boolean>>): void;
  count(metric: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
}
