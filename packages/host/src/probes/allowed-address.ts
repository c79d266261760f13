/** Which addresses may be connected to when a cluster names them: a hostile one must not lead AIA to what only AIA can reach. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** This machine itself. */
const LOOPBACK = listOf(['127.0.0.0/8', '::1/128']);
/** What no client outside may be led to: unspecified, link-local, multicast, transition prefixes that embed others, and where clouds keep credentials. */
const REFUSED = listOf([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.0/24',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);
const NAMES: ReadonlySet<string> = new Set(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data']);

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** Whether an address may be connected to. */
export function isAllowed(address: string, allowLoopback: boolean): boolean {
  const version = isIP(address);
  // An address with a zone is one of a link.
  if (version === 0 || address.includes('%')) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(address, family)) return allowLoopback;
  return !REFUSED.check(address, family);
}

/** Where a host is, or why nowhere. */
export type Whereabouts =
  | { readonly kind: 'found'; readonly address: string; readonly resolves: boolean }
  | { readonly kind: 'unresolved' }
  | { readonly kind: 'refused'; readonly address: string };

/**
 * Looks a name up and gives an address to connect to. Where DNS does not know it, the addresses in the status of what exposes it
 * are taken. The connection goes to the very address that was checked, so a name cannot change its mind in between.
 */
export async function locate(
  host: string,
  fallback: readonly string[],
  options: { readonly allowLoopback: boolean; readonly timeoutMs: number },
): Promise<Whereabouts> {
  if (NAMES.has(host.toLowerCase().replace(/\.$/, ''))) return { kind: 'refused', address: host };
  const own = await addressesOf(host, options.timeoutMs);
  const resolves = own.length > 0;
  const others = resolves ? [] : (await Promise.all(fallback.map((one) => addressesOf(one, options.timeoutMs)))).flat();
  const candidates = [...own, ...others];
  const address = candidates.find((one) => isAllowed(one, options.allowLoopback));
  if (address !== undefined) return { kind: 'found', address, resolves };
  const [first] = candidates;
  return first === undefined ? { kind: 'unresolved' } : { kind: 'refused', address: first };
}

async function addressesOf(host: string, timeoutMs: number): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const late = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => late.resolve([]), timeoutMs);
  try {
    const found = lookup(host, { all: true }).then(
      (all) => all.map(({ address }) => address),
      () => [],
    );
    return await Promise.race([found, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
