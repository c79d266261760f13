/** Addresses of the public internet: what a DID that comes from anybody may lead to. */
import { BlockList, isIP } from 'node:net';

/** Source: IANA's registry of special-purpose IPv4 addresses; the last is where a cloud keeps credentials in public space. */
const RESERVED_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
];
/** Source: IANA's registry of special-purpose IPv6 addresses, as far as it lies within global unicast. Mapped, translated, local and multicast addresses lie outside. */
const RESERVED_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const RESERVED = { ipv4: listOf('ipv4', RESERVED_4), ipv6: listOf('ipv6', RESERVED_6) };
const GLOBAL_UNICAST = listOf('ipv6', ['2000::/3']);

/**
 * Networks of somebody's own, to which names may lead besides.
 * @param networks in CIDR notation, such as `10.0.0.0/8`
 * @returns whether an address is public or in one of them
 * @throws RangeError for what is no network
 */
export function publicOrIn(networks: readonly string[]): (address: string) => boolean {
  const own = new BlockList();
  for (const network of networks) {
    const [, address = '', bits = ''] = /^([^/%]+)\/(\d{1,3})$/.exec(network) ?? [];
    const version = isIP(address);
    if (version === 0 || Number(bits) > (version === 4 ? 32 : 128))
      throw new RangeError(`"${network}" is no network, such as 10.0.0.0/8 or fd00::/8`);
    own.addSubnet(address, Number(bits), familyOf(version));
  }
  return (address) => isPublicAddress(address) || (isIP(address) !== 0 && own.check(address, familyOf(isIP(address))));
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6';
}

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether an address belongs to nobody's own network. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !RESERVED.ipv4.check(address, 'ipv4');
  // An address with a zone is one of a link.
  if (version !== 6 || address.includes('%')) return false;
  return GLOBAL_UNICAST.check(address, 'ipv6') && !RESERVED.ipv6.check(address, 'ipv6');
}
