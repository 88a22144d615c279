import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Which addresses adapters may call. URLs come from users, so without a stage setting only `https` to public addresses:
 * a tenant must not reach the machine's own services, its network or the cloud's metadata address.
 */
export interface AddressRules {
  /** Plain http, to loopback and private ranges that are allowed; never to a public address. */
  readonly allowHttp: boolean;
  readonly allowLoopback: boolean;
  /** Networks on-premises, in CIDR form, e.g. `10.20.0.0/16`. */
  readonly privateRanges: readonly string[];
}

export type Scheme = 'http:' | 'https:';

/** May a socket be opened to this IP address? IPv4 written as IPv6 counts as IPv4. */
export function isAllowedAddress(rules: AddressRules, scheme: Scheme, address: string): boolean {
  if (isIP(address) === 0 || (scheme === 'http:' && !rules.allowHttp)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'unicast') return scheme === 'https:';
  if (range === 'loopback') return rules.allowLoopback;
  return rules.privateRanges.some((cidr) => {
    const [network, bits] = ipaddr.parseCIDR(cidr);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}

/** Why the URL must not be called, as far as that can be told before its name is looked up; undefined if it may. */
export function urlFault(rules: AddressRules, url: URL): string | undefined {
  if (url.username !== '' || url.password !== '') return 'credentials in the address';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'neither https nor http';
  if (url.protocol === 'http:' && !rules.allowHttp) return 'not https';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) === 0) return undefined;
  return isAllowedAddress(rules, url.protocol, host) ? undefined : 'not a public address';
}
