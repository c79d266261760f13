/** The proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name, by the rules that kubectl follows (Go's `httpproxy`). */
import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/** URL of the proxy for `server`, or `undefined` where it is reached directly. Loopback addresses always are. */
export function environmentProxy(server: string, env: Environment): string | undefined {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined) return undefined;
  const name = url.protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY';
  const proxy = env[name] ?? env[name.toLowerCase()] ?? '';
  if (proxy === '' || isDirect(url, env['NO_PROXY'] ?? env['no_proxy'] ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isDirect(url: URL, exceptions: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))) return true;
  const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
  return exceptions
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry === '*' || (entry !== '' && covers(entry, host, port)));
}

/** An entry is an address, a network, or a name that also stands for what is below it; each but networks may end in a port. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry.includes('/')) return inNetwork(entry, host);
  if (isIP(entry) !== 0) return entry === host;
  const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const bare = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return host.endsWith(`.${bare}`) || (host === bare && !/^\*?\./.test(name));
}

function inNetwork(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}
