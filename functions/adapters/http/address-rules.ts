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

/** All public addresses of IPv6; what is not public within it is told by its range. Outside are those that stand for an IPv4 address. */
const publicIpv6 = ipaddr.parseCIDR('2000::/3');
/** A cloud's own services behind a public address (Azure: DNS, DHCP, machine agent). */
const cloudServices = ipaddr.parse('168.63.129.16').toString();

type Address = ReturnType<typeof ipaddr.process>;

/** The parser takes `::1.2.3.4` for the mapped `::ffff:1.2.3.4`; it is another address, the compatible `::102:304`. */
function inHexadecimal(address: string): string {
  return URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address;
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || address.toString() === cloudServices) return false;
  return address.kind() === 'ipv4' || address.match(publicIpv6);
}

export type Scheme = 'http:' | 'https:';

/** May a socket be opened to this IP address? IPv4 written as IPv6 counts as IPv4. */
export function isAllowedAddress(rules: AddressRules, scheme: Scheme, address: string): boolean {
  if (isIP(address) === 0 || (scheme === 'http:' && !rules.allowHttp)) return false;
  const parsed = ipaddr.process(isIP(address) === 6 ? inHexadecimal(address) : address);
  if (isPublic(parsed)) return scheme === 'https:';
  if (parsed.range() === 'loopback') return rules.allowLoopback;
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
