import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { SyncError } from '../../core/errors.ts';
import { type AddressRules, isAllowedAddress, type Scheme } from './address-rules.ts';

/** The rules do not allow the address, or any that the name resolves to. */
export class AddressNotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/** Nothing was asked: the address is one that the stage does not allow. */
export function isAddressRefusal(error: unknown): boolean {
  return error instanceof SyncError && error.cause instanceof AddressNotAllowed;
}

export type ResolveName = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A look-up for sockets that yields allowed addresses only. The socket connects to exactly what it yields, so a name
 * cannot pass a check and then be rebound. Not asked for IP literals: those are checked in the URL.
 */
export function checkedLookup(rules: AddressRules, scheme: Scheme, resolve: ResolveName = lookup): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const allowed = addresses.filter(({ address }) => isAllowedAddress(rules, scheme, address));
      const first = allowed[0];
      if (!first) return done(new AddressNotAllowed('The name has no allowed address.'), []);
      return options.all ? done(null, allowed) : done(null, first.address, first.family);
    });
  };
}
