/**
 * A certificate that signs itself, for one server's run. kubectl sends tokens over TLS alone. Source: RFC 5280.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** Both as PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const ECDSA_WITH_SHA256 = sequence(objectId('2a8648ce3d040302'));

/** Valid for a year, for these names and addresses. */
export function selfSigned(names: readonly string[], now = Date.now()): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(tlv(0x31, sequence(objectId('550403'), text(0x0c, 'aia-simulated'))));
  const content = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    // Positive, and not 0.
    tlv(0x02, Buffer.concat([Buffer.of(0x01), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(now - DAY_MS), time(now + YEAR_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(authority(), alternativeNames(names))),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.of(0), sign('sha256', content, privateKey)]));
  return {
    certificate: pem(sequence(content, ECDSA_WITH_SHA256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** It is its own authority: basicConstraints, critical. */
function authority(): Buffer {
  const isTrue = Buffer.of(0x01, 0x01, 0xff);
  return sequence(objectId('551d13'), isTrue, tlv(0x04, sequence(isTrue)));
}

function alternativeNames(names: readonly string[]): Buffer {
  const entries = names.map((name) => (isIP(name) === 0 ? text(0x82, name) : tlv(0x87, addressBytes(name))));
  return sequence(objectId('551d11'), tlv(0x04, sequence(...entries)));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return text(0x18, digits);
}

function objectId(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function text(tag: number, value: string): Buffer {
  return tlv(tag, Buffer.from(value, 'utf8'));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

/** DER: tag, length, value. */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), value]);
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
