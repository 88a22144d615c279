import type { Country } from './countries.ts';
import type { Credentials } from './credentials.ts';
import type { Faults } from './faults.ts';
import type { FlatRecord } from './flat-record.ts';
import type { Journal } from './journal.ts';
import type { AccessTokens, Person } from './person.ts';
import { type Database, textValue } from './records.ts';
import type { RecordType } from './shapes.ts';
import type { Tickets } from './tickets.ts';

/** An edit that some user makes just before the next PATCH of that record is processed. */
type PendingEdit = { type: RecordType; id: number; changes: FlatRecord };

/** One tenant and all that is known of it. `hostMoves` counts how often its API got another address. */
export type Crm = {
  tenant: string;
  credentials: Credentials;
  countries: readonly Country[];
  database: Database;
  hostMoves: number;
  tickets: Tickets;
  faults: Faults;
  journal: Journal;
  pendingEdits: PendingEdit[];
  people: Map<number, Person>;
  accessTokens: AccessTokens;
  /** Where users sign in, if they can. */
  loginUrl: string | undefined;
  /** When the calls were made that count against the limit. */
  recentCallsMs: number[];
  /** The server's clock, the fault `clockOffsetSeconds` included. */
  nowMs: () => number;
};

export function companyName(crm: Crm, companyId: number): string {
  const company = crm.database.records.company.get(companyId);
  return company === undefined ? '' : textValue(company, 'Name');
}
