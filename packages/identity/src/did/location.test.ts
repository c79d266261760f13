import { describe, expect, it } from 'vitest';
import { filesUrl, fileUrl, isSafeUrl, webLocation, type WebLocation } from './location.ts';

const SCID = 'QmPEQVM1JPTyrvEgBcDXwjK4TeyLGSX1PxjgyeAisdWM1p';
const urlOf = (segments: string): string => fileUrl(webLocation(segments) as WebLocation, 'did.jsonl');

describe('the transformation of a DID to HTTPS', () => {
  it.each([
    ['example.com', 'https://example.com/.well-known/did.jsonl'],
    ['issuer.example.com', 'https://issuer.example.com/.well-known/did.jsonl'],
    ['example.com:dids:issuer', 'https://example.com/dids/issuer/did.jsonl'],
    ['example.com%3A3000:dids:issuer', 'https://example.com:3000/dids/issuer/did.jsonl'],
    ['example.com%3a3000', 'https://example.com:3000/.well-known/did.jsonl'],
    ['example.com%3A443', 'https://example.com/.well-known/did.jsonl'],
    ['jp納豆.例.jp:用户', 'https://xn--jp-cd2fp15c.xn--fsq.jp/%E7%94%A8%E6%88%B7/did.jsonl'],
    ['EXAMPLE.com:A', 'https://example.com/A/did.jsonl'],
    // A host is normalised, a path is not.
    ['e\u0301.example:e\u0301', 'https://xn--9ca.example/e%CC%81/did.jsonl'],
    ['\u00e9.example:\u00e9', 'https://xn--9ca.example/%C3%A9/did.jsonl'],
    ['example.com:a%20b', 'https://example.com/a%20b/did.jsonl'],
    [`example.com:${SCID}`, `https://example.com/${SCID}/did.jsonl`],
    ['example.com:3000', 'https://example.com/3000/did.jsonl'],
    ['1password.com', 'https://1password.com/.well-known/did.jsonl'],
    ['3.example', 'https://3.example/.well-known/did.jsonl'],
  ])('gives %s the URL %s', (segments, url) => {
    expect(urlOf(segments)).toBe(url);
  });

  it.each([
    ...[
      '127.0.0.1',
      '169.254.169.254',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '017700000001',
      '1.1',
      'a.1',
      'a.0x',
      '127.1',
    ],
    ...['１２７.０.０.１', '127.0.0.1%3A8080', '0.0.0.0', '[::1]'],
  ])('refuses the address %s', (segments) => {
    expect(webLocation(segments)).toMatch(/^(?:ip|malformed)-host$/);
    if (!segments.startsWith('[')) expect(webLocation(segments)).toBe('ip-host');
  });

  it.each([
    ['%65xample.com', 'percent-encoded-host'],
    ['example%2Ecom', 'percent-encoded-host'],
    ['example.com%2F', 'percent-encoded-host'],
    ['example.com%23', 'percent-encoded-host'],
    ['user%40example.com', 'percent-encoded-host'],
    ['127%2E0%2E0%2E1', 'percent-encoded-host'],
    ['localhost', 'local-host'],
    ['intranet', 'local-host'],
    ['localhost%3A8443', 'local-host'],
    ['a.localhost', 'local-host'],
    ['kubernetes.default.svc.cluster.local', 'local-host'],
    ['metadata.google.internal', 'local-host'],
    ['1.0.0.127.in-addr.arpa', 'local-host'],
    ['', 'malformed-host'],
    ['.', 'malformed-host'],
    ['example.com.', 'malformed-host'],
    ['.example.com', 'malformed-host'],
    ['example..com', 'malformed-host'],
    ['-example.com', 'malformed-host'],
    ['example-.com', 'malformed-host'],
    ['ex_ample.com', 'malformed-host'],
    [`${'a'.repeat(64)}.com`, 'malformed-host'],
    [`${'a.'.repeat(126)}com`, 'malformed-host'],
    ['user@example.com', 'malformed-host'],
    ['example.com/', 'malformed-host'],
    ['example.com#', 'malformed-host'],
    ['exa mple.com', 'malformed-host'],
    ['example.com\\', 'malformed-host'],
    ['example\u3002com', 'malformed-host'],
    ['example.com%3A', 'malformed-port'],
    ['example.com%3A0', 'malformed-port'],
    ['example.com%3A080', 'malformed-port'],
    ['example.com%3A65536', 'malformed-port'],
    ['example.com%3A99999', 'malformed-port'],
    ['example.com%3A80a', 'malformed-port'],
    ['example.com%3A80%3A81', 'malformed-port'],
    ['example.com:', 'malformed-path'],
    ['example.com::a', 'malformed-path'],
    ['example.com:.', 'malformed-path'],
    ['example.com:a:..', 'malformed-path'],
    ['example.com:%2e%2E', 'malformed-path'],
    ['example.com:.%2e', 'malformed-path'],
    ['example.com:%252e%252e', 'malformed-path'],
    ['example.com:a%2Fb', 'malformed-path'],
    ['example.com:a%5Cb', 'malformed-path'],
    ['example.com:a%3Fb', 'malformed-path'],
    ['example.com:a%23b', 'malformed-path'],
    ['example.com:a%00', 'malformed-path'],
    ['example.com:a%ff', 'malformed-path'],
    ['example.com:a%', 'malformed-path'],
  ])('refuses %j: %s', (segments, reason) => {
    expect(webLocation(segments)).toBe(reason);
  });

  it('serves files from the root, without .well-known', () => {
    expect(filesUrl(webLocation('example.com') as WebLocation)).toBe('https://example.com/');
    expect(filesUrl(webLocation('example.com:a:b') as WebLocation)).toBe('https://example.com/a/b/');
  });
});

describe('a URL of a document', () => {
  it.each(['https://example.com/a?b#c', 'https://example.com:8443/'])('may be followed: %s', (url) => {
    expect(isSafeUrl(url)).toBe(true);
  });

  it.each([
    ...[
      'http://example.com/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://2130706433/',
      'https://a@example.com/',
      'https://:b@example.com/',
    ],
    ...[
      'https://localhost/',
      'ftp://example.com/',
      'file:///etc/passwd',
      'javascript:1',
      '/a',
      '',
      'https://0x7f.1/',
      'https://[::ffff:a9fe:a9fe]/',
    ],
  ])('may not be followed: %s', (url) => {
    expect(isSafeUrl(url)).toBe(false);
  });
});
