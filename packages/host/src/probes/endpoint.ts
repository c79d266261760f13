/** Endpoints as people write them. */
import { isIPv6 } from 'node:net';

/** Host name or address, and port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const HTTPS = 443;

/**
 * Reads `shop.example.com`, `shop.example.com:8443`, `[2001:db8::1]:443` or `https://shop.example.com/path`.
 * @throws TypeError for anything else, RangeError for a port out of bounds
 */
export function parseEndpoint(text: string): Endpoint {
  const place = text.trim().replace(/^https:\/\/([^/?#]*).*$/i, '$1');
  if (isIPv6(place)) return { host: place, port: HTTPS };
  const [, bracketed, name, digits] = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]{1,253}))(?::(\d+))?$/.exec(place) ?? [];
  const host = name ?? bracketed;
  if (host === undefined || (bracketed !== undefined && !isIPv6(bracketed)))
    throw new TypeError(`"${text}" is no HOST or HOST:PORT`);
  const port = digits === undefined ? HTTPS : Number(digits);
  if (port < 1 || port > 65_535) throw new RangeError(`the port of "${text}" must be from 1 to 65535`);
  return { host, port };
}

/** `shop.example.com:443`, `[2001:db8::1]:443`. */
export function endpointText({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
