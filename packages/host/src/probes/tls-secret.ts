/** What a TLS Secret says in public: its certificates, and whether its key is theirs. The key is looked at once and never kept. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { TlsReading } from '@aia/cluster';

const BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;
/** Chains are a few certificates long; more is an attack or a bundle, whose first ones tell enough. */
const LONGEST = 64;
/** How a dump that AIA wrote says what was there; no base64, so that nothing else is taken for it. */
const SAVED = 'aia:';
const KEY = { matches: `${SAVED}key-matches`, differs: `${SAVED}key-differs` } as const;

/** The CERTIFICATE blocks of a PEM text, at most 64. */
export function certificateBlocks(pem: string): readonly string[] {
  return (pem.match(BLOCK) ?? []).slice(0, LONGEST);
}

/**
 * Reads the two values of a TLS Secret, in base64 or as {@link savedTls} wrote them. What is no certificate is only reported where
 * it is certain that nobody masked it: the text has marks of PEM or DER, or a real key stands beside it.
 */
export function readTls(certificateBase64: string, keyBase64: string): TlsReading {
  if (certificateBase64.startsWith(SAVED)) return { pemBase64: '', found: certificateBase64.slice(SAVED.length) };
  const bytes = Buffer.from(certificateBase64, 'base64');
  const text = bytes.toString('latin1');
  const blocks = certificateBlocks(text);
  const leaf = readCertificate(blocks[0]);
  if (leaf === undefined) {
    const found = foundInstead(bytes, text, hasKey(keyBase64));
    return { pemBase64: '', ...(found !== undefined && { found }) };
  }
  const keyMatches = compare(leaf, keyBase64);
  return {
    pemBase64: Buffer.from(`${blocks.join('\n')}\n`).toString('base64'),
    ...(keyMatches !== undefined && { keyMatches }),
  };
}

/** The values that take a Secret's place in a dump: certificates as they are, of the key only whether it is theirs. */
export function savedTls({ pemBase64, found, keyMatches }: TlsReading): {
  readonly certificate: string;
  readonly key: string;
} {
  const key = keyMatches === undefined ? '' : keyMatches ? KEY.matches : KEY.differs;
  return { certificate: found === undefined ? pemBase64 : `${SAVED}${found}`, key };
}

/** The certificate in a PEM block; `undefined` where it cannot be read. */
export function readCertificate(block: string | undefined): X509Certificate | undefined {
  if (block === undefined) return undefined;
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

function foundInstead(bytes: Buffer, text: string, isUnmasked: boolean): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'a private key';
  if (text.includes('-----BEGIN CERTIFICATE REQUEST-----')) return 'a certificate request';
  if (text.includes('-----BEGIN CERTIFICATE-----')) return 'a damaged certificate';
  if (text.includes('-----BEGIN ')) return 'PEM of another kind';
  if (bytes[0] === 0x30 && (bytes[1] ?? 0) > 0x80) return 'a certificate in DER instead of PEM';
  if (!isUnmasked) return undefined;
  return text.trim() === '' ? 'nothing' : 'no certificate';
}

function hasKey(keyBase64: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(Buffer.from(keyBase64, 'base64').toString('latin1'));
}

function compare(leaf: X509Certificate, keyBase64: string): boolean | undefined {
  if (keyBase64 === KEY.matches || keyBase64 === KEY.differs) return keyBase64 === KEY.matches;
  if (keyBase64 === '') return undefined;
  try {
    return leaf.checkPrivateKey(createPrivateKey(Buffer.from(keyBase64, 'base64')));
  } catch {
    // Masked, encrypted, or of a kind that OpenSSL does not know.
    return undefined;
  }
}
