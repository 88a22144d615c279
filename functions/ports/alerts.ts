/** What operators are told at once, of any tenant: ids and words, no customer's data, no vendor's text. */
export interface Alert {
  readonly event:
    | 'connection-suspended'
    | 'crm-tenant-deleted'
    | 'actor-type-suspended'
    | 'brake-set'
    | 'fields-drifted';
  readonly tenantId: string;
  readonly connectionId: string;
  /** The kind of the error, or of the brake; of drift its word. */
  readonly reason: string;
  readonly actorType?: string;
}

/** Best effort: what cannot be told is counted, and nothing waits for it long. Never throws. */
export interface Alerts {
  tell(alert: Alert): Promise<void>;
}
