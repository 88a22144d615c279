import type { ConnectionState } from '../model/connection.ts';

const first: Readonly<Record<ConnectionState, string>> = {
  inactive: 'activate it first',
  suspended: 'mend what stopped it, then test it, which activates it again',
  deleted: 'restore and activate it first',
  // It became so since.
  active: 'repeat the request',
};

/** Why nothing is done through a connection that is not active, and what to do first. */
export function notActiveText(state: ConnectionState): string {
  return `The connection is ${state}: ${first[state]}.`;
}
