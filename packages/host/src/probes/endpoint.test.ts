import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointText, parseEndpoint } from './endpoint.ts';

describe('parseEndpoint', () => {
  it.each([
    ['shop.example.com', 'shop.example.com', 443],
    ['shop.example.com:8443', 'shop.example.com', 8443],
    [' localhost:1 ', 'localhost', 1],
    ['https://shop.example.com/path?q=1#x', 'shop.example.com', 443],
    ['HTTPS://shop.example.com:8443', 'shop.example.com', 8443],
    ['192.0.2.1:65535', '192.0.2.1', 65_535],
    ['2001:db8::1', '2001:db8::1', 443],
    ['[2001:db8::1]:8443', '2001:db8::1', 8443],
    ['[::1]', '::1', 443],
  ])('%s', (text, host, port) => {
    expect(parseEndpoint(text)).toEqual({ host, port });
    expect(parseEndpoint(endpointText({ host, port }))).toEqual({ host, port });
  });

  it.each(['', ' ', 'a b', 'a:', 'a:b', ':443', 'http://a.example', '[a]:443', 'a/b', 'a:443:443', 'ä.example'])(
    'refuses %j',
    (text) => {
      expect(() => parseEndpoint(text)).toThrow(TypeError);
    },
  );

  it.each(['a:0', 'a:65536', 'a:99999999999'])('refuses the port of %s', (text) => {
    expect(() => parseEndpoint(text)).toThrow(RangeError);
  });

  it('answers or refuses, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(parseEndpoint(text).host).toMatch(/^[\w.:-]+$/);
        } catch (error) {
          expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
        }
      }),
    );
  });
});
