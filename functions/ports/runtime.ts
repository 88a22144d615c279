/** Time, ids and randomness come in through here, so that everything above can be replayed in a test. */
export interface Runtime {
  /** Milliseconds since 1970, this machine's clock. */
  nowMs(): number;
  /** The same as an ISO instant. */
  now(): string;
  /** A new id: unique, safe in keys and URLs (26 characters), sorts by time and within a process as made. */
  newId(): string;
  sleep(ms: number): Promise<void>;
  /** In [0, 1), for jitter. */
  random(): number;
}
