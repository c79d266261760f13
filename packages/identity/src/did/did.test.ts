import { describe, expect, it } from 'vitest';
import { absoluteDidUrl, parseDid, parseDidUrl } from './did.ts';

describe('a DID', () => {
  it.each([
    ['did:example:123', 'example', '123'],
    ['did:webvh:Qm1:example.com%3A3000:dids:issuer', 'webvh', 'Qm1:example.com%3A3000:dids:issuer'],
    ['did:a1::x', 'a1', ':x'],
    ['did:webvh:Qm1:jp納豆.例.jp:用户', 'webvh', 'Qm1:jp納豆.例.jp:用户'],
  ])('%s has a method and an identifier', (did, method, identifier) => {
    expect(parseDid(did)).toEqual({ did, method, identifier });
  });

  it.each([
    ...['', 'did', 'did:', 'did:example', 'did:example:', 'did:example:a:', 'DID:example:a', 'did:Example:a', 'did::a'],
    ...[
      'did:example:a b',
      'did:example:a%2',
      'did:example:a%zz',
      'did:example:a@b',
      'did:example:[::1]',
      ' did:example:a',
    ],
    ...[
      'did:example:a\n',
      'did:example:a/b',
      'did:example:a?b',
      'did:example:a#b',
      'did:example:a\\b',
      'did:example:a\u0000',
    ],
    ...['did:example:\u00e9', 'did:web:\u4f8b.jp', 'did:webvhs:\u4f8b.jp', 'did:webvh:Qm:a\u2024b'],
    ...['did:example:a\u2024b', 'did:example:a\u200bb', 'did:example:a\ud800', `did:example:${'a'.repeat(2048)}`],
  ])('is not %j', (text) => {
    expect(parseDid(text)).toBeUndefined();
  });
});

describe('a DID URL', () => {
  it('is taken apart', () => {
    expect(parseDidUrl('did:example:1/a/b?versionId=2-Qm&x=%20#key-1')).toEqual({
      url: 'did:example:1/a/b?versionId=2-Qm&x=%20#key-1',
      did: 'did:example:1',
      method: 'example',
      identifier: '1',
      path: '/a/b',
      query: 'versionId=2-Qm&x=%20',
      fragment: 'key-1',
    });
  });

  it.each([
    'did:example:1',
    'did:example:1/',
    'did:example:1//a',
    'did:example:1?',
    'did:example:1#',
    'did:example:1#?/:@',
  ])('may be %s', (url) => {
    expect(parseDidUrl(url)?.url).toBe(url);
  });

  it.each([
    'did:example:1#a#b',
    'did:example:1# ',
    'did:example:1/"',
    'did:example:1?<',
    'did:example:1#%',
    '#a',
    'https://a/#b',
  ])('is not %j', (url) => {
    expect(parseDidUrl(url)).toBeUndefined();
  });

  it('is made absolute from a fragment, and left alone otherwise', () => {
    expect(absoluteDidUrl('#a', 'did:example:1')).toBe('did:example:1#a');
    expect(absoluteDidUrl('did:example:2#a', 'did:example:1')).toBe('did:example:2#a');
    expect(absoluteDidUrl('a', 'did:example:1')).toBeUndefined();
  });
});
