/**
 * Where the files of did:web and did:webvh lie. A DID comes from anybody, and following it makes a request: hosts are names of the public DNS, never addresses, and paths
 * stay where they are. Sources: https://w3c-ccg.github.io/did-method-web/ and https://identity.foundation/didwebvh/v1.0/#the-did-to-https-transformation
 */

/** A place on the web. */
export interface WebLocation {
  /** `https://`, host in lower case and ASCII, and a port that is not 443. */
  readonly origin: string;
  readonly host: string;
  /** Percent-encoded, without slashes at the ends; empty at the root. */
  readonly path: string;
}

/** Why an identifier names no place. */
export type LocationRefusal =
  | 'percent-encoded-host'
  | 'ip-host'
  /** A name that is known on one machine or network alone. */
  | 'local-host'
  | 'malformed-host'
  | 'malformed-port'
  /** Empty, dot segments, or letters that end a segment or path once they are decoded. */
  | 'malformed-path';

const HOST_AND_PORT = /^(.*?)(?:%3a(.*))?$/i;
const PORT = /^[1-9]\d{1,4}$/;
const LABEL = /^(?!-)[a-z\d-]{1,63}(?<!-)$/;
/** Names of single machines and networks. Sources: RFC 6761, RFC 6762, and what ICANN keeps for private use. */
const LOCAL: ReadonlySet<string> = new Set([
  'localhost',
  'local',
  'internal',
  'localdomain',
  'lan',
  'home',
  'corp',
  'arpa',
]);

/**
 * The place that a DID names, or why it names none.
 * @param segments what follows `did:web:`, or the SCID's colon: host, port after `%3A`, path separated by colons
 */
export function webLocation(segments: string): WebLocation | LocationRefusal {
  const [first = '', ...rest] = segments.split(':');
  const [, name = '', port] = HOST_AND_PORT.exec(first) ?? [];
  const host = hostOf(name);
  if (isRefusal(host)) return host;
  if (port !== undefined && !(PORT.test(port) && Number(port) < 2 ** 16)) return 'malformed-port';
  const path = rest.map(pathSegment);
  if (path.includes(undefined)) return 'malformed-path';
  const origin = `https://${host.name}${port === undefined || port === '443' ? '' : `:${port}`}`;
  return { origin, host: host.name, path: path.join('/') };
}

/** The URL of a file beside a DID's document or log. */
export function fileUrl({ origin, path }: WebLocation, file: string): string {
  return `${origin}/${path === '' ? '.well-known' : path}/${file}`;
}

/** The URL that the paths of a DID URL begin with; ends with a slash. */
export function filesUrl({ origin, path }: WebLocation): string {
  return path === '' ? `${origin}/` : `${origin}/${path}/`;
}

/** Whether a URL from a document may be followed: HTTPS, no user, a host as {@link webLocation} takes it. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && !isRefusal(hostOf(hostname));
}

interface Host {
  readonly name: string;
}

function isRefusal(host: Host | LocationRefusal): host is LocationRefusal {
  return typeof host === 'string';
}

function hostOf(text: string): Host | LocationRefusal {
  if (text.includes('%')) return 'percent-encoded-host';
  const name = asciiOf(text);
  if (name === undefined || name.length > 253) return 'malformed-host';
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  // What ends in a number is an IPv4 address to a browser, in any of its spellings. Source: https://url.spec.whatwg.org/#ends-in-a-number-checker
  if (/^(?:\d+|0x[\da-f]*)$/.test(last)) return 'ip-host';
  if (!labels.every((label) => LABEL.test(label))) return 'malformed-host';
  return labels.length < 2 || LOCAL.has(last) ? 'local-host' : { name };
}

/** In lower case; names of other scripts in Punycode (IDNA). */
function asciiOf(text: string): string | undefined {
  if (/^[\w.-]+$/.test(text)) return text.toLowerCase();
  const isName = /^[\p{L}\p{M}\p{N}.-]+$/u.test(text) && URL.canParse(`https://${text}`);
  return isName ? new URL(`https://${text}`).hostname : undefined;
}

function pathSegment(text: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  // A server that decodes twice must not find more than one that decodes once, so that no percent sign may be left.
  const isPlain = /^[^/\\%?#\p{Cc}]+$/u.test(decoded) && decoded !== '.' && decoded !== '..';
  return isPlain ? encodeURIComponent(decoded) : undefined;
}
