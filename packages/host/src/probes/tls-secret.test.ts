import { describe, expect, it } from 'vitest';
import { AUTHORITY, EXPIRED, GOOD } from './certificates.suite.ts';
import { readTls, savedTls } from './tls-secret.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const cert = base64(GOOD.cert);
const plain = (value: string) => Buffer.from(value, 'base64').toString();

describe('readTls', () => {
  it.each<[string, string, boolean | undefined]>([
    ['its own', base64(GOOD.key), true],
    ['of another certificate', base64(EXPIRED.key), false],
    ['masked', base64('***'), undefined],
    ['absent', '', undefined],
  ])('compares a key that is %s', (_, key, matches) => {
    expect(readTls(cert, key).keyMatches).toBe(matches);
  });

  it('keeps the certificates and nothing else of the file', () => {
    const combined = `subject=CN = good\n${GOOD.cert}${GOOD.key}${AUTHORITY.cert}`;
    const { pemBase64 } = readTls(base64(combined), '');
    expect(plain(pemBase64)).toBe(GOOD.cert + AUTHORITY.cert);
  });

  it.each<[string, string | Buffer, string]>([
    ['a key', GOOD.key, 'a private key'],
    ['half a certificate', GOOD.cert.slice(0, 200), 'a damaged certificate'],
    ['a broken block', GOOD.cert.replace(/MII.{40}/, 'MIIB'), 'a damaged certificate'],
    ['a request', '-----BEGIN CERTIFICATE REQUEST-----\nMII\n', 'a certificate request'],
    ['DER', Buffer.from(GOOD.cert.replace(/-----[^-]+-----|\s/g, ''), 'base64'), 'a certificate in DER instead of PEM'],
  ])('names %s in the place of a certificate, whatever stands beside it', (_, content, found) => {
    expect(readTls(Buffer.from(content).toString('base64'), '')).toEqual({ pemBase64: '', found });
  });

  it('calls a text no certificate only where a real key shows that nobody masked it', () => {
    for (const masked of ['', 'UkVEQUNURUQ=', base64('17 bytes long'), '***'])
      expect(readTls(masked, masked)).toEqual({ pemBase64: '' });
    expect(readTls(base64('todo'), base64(GOOD.key)).found).toBe('no certificate');
    expect(readTls('', base64(GOOD.key)).found).toBe('nothing');
  });

  it.each([
    [cert, base64(GOOD.key)],
    [cert, base64(EXPIRED.key)],
    [cert, ''],
    ['', base64(GOOD.key)],
    [base64(GOOD.key), base64(GOOD.key)],
  ])('reads what was saved as what it was', (certificate, key) => {
    const reading = readTls(certificate, key);
    const saved = savedTls(reading);
    expect(readTls(saved.certificate, saved.key)).toEqual(reading);
    expect(JSON.stringify([reading, saved])).not.toContain(base64(GOOD.key).slice(40, 80));
  });
});
