/**
 * The one HTTP client of all adapters: deadline, size limit, keep-alive, address rules. It never retries and never
 * follows a redirect to another host.
 */
export interface HttpClient {
  /**
   * Any status is an answer. Throws SyncError: `transient` when certainly nothing reached the server (no address,
   * connection refused), `unknown-outcome` after the request may have been sent (deadline, reset), `misconfigured` for an
   * address that is not allowed, `too-large` for an answer above the limit.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default and limit: `core/timing/lease.ts`; a longer one is a `defect`. */
  readonly deadlineMs?: number;
  /** Default 10 MB. */
  readonly maxBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}
