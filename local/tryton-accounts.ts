// The demo ERP listens on loopback only and holds invented data; its passwords are no secrets.

export const TRYTON_DATABASE = 'erp';
/** The books of another company, on the same server. */
export const BRANCH_DATABASE = 'branch';

export const trytonAccounts = {
  /** Makes the database and the other users. */
  admin: { user: 'admin', password: 'Local-Admin-4711' },
  /** The connection's own, so that its writes can be told from those of people. */
  connection: { user: 'erp-sync', password: 'Keeps-In-Agreement-4711' },
  /** A person who works in the ERP. */
  person: { user: 'sofia', password: 'Works-In-The-Erp-4711' },
} as const;
