import type { SyncError } from '../core/errors.ts';

/** Time, ids and randomness come in through here, so that everything above can be replayed in a test. */
export interface Runtime {
  /** Milliseconds since 1970, this machine's clock. */
  nowMs(): number;
  /** A new id: sortable by time, unique, safe in keys and URLs (26 characters). */
  newId(): string;
  /** In [0, 1), for jitter. */
  random(): number;
}

/** Structured facts for operators: ids and words only, never values, secrets or vendor text. */
export interface Telemetry {
  info(event: string, ids?: Readonly<Record<string, string | number | boolean>>): void;
  /** Logs the kind, the message and the stack of a failure. */
  failure(event: string, error: SyncError, ids?: Readonly<Record<string, string | number | boolean>>): void;
  count(metric: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
}
