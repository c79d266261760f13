import { describe, expect, it } from 'vitest';
import { environmentProxy } from './environment-proxy.ts';

const PROXY = 'http://proxy.corp:3128';

describe('environmentProxy', () => {
  it('takes the proxy of the scheme, in either case of letters, and completes a bare address', () => {
    expect(environmentProxy('https://api.prod', { HTTPS_PROXY: PROXY })).toBe(PROXY);
    expect(environmentProxy('https://api.prod', { https_proxy: 'proxy.corp:3128' })).toBe(PROXY);
    expect(environmentProxy('https://api.prod', { HTTP_PROXY: PROXY })).toBeUndefined();
    expect(environmentProxy('http://api.prod', { HTTP_PROXY: PROXY })).toBe(PROXY);
    expect(environmentProxy('https://api.prod', {})).toBeUndefined();
    expect(environmentProxy('no url', { HTTPS_PROXY: PROXY })).toBeUndefined();
  });

  it.each(['https://localhost:6443', 'https://127.0.0.1:6443', 'https://127.8.8.8', 'https://[::1]:6443'])(
    'reaches %s directly',
    (server) => {
      expect(environmentProxy(server, { HTTPS_PROXY: PROXY })).toBeUndefined();
    },
  );

  it.each([
    ['*', 'https://api.prod', true],
    ['prod', 'https://api.prod', true],
    ['.prod', 'https://api.prod', true],
    ['.api.prod', 'https://api.prod', false],
    ['api.prod', 'https://API.prod', true],
    ['rod', 'https://api.prod', false],
    ['api.prod:6443', 'https://api.prod:6443', true],
    ['api.prod:6443', 'https://api.prod', false],
    ['api.prod:443', 'https://api.prod', true],
    ['other, 10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3:6443', true],
    ['fd00::/8', 'https://[fd12::1]:6443', true],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    [' , ', 'https://api.prod', false],
  ])('NO_PROXY=%s and %s: direct is %s', (exceptions, server, direct) => {
    expect(environmentProxy(server, { HTTPS_PROXY: PROXY, NO_PROXY: exceptions })).toBe(direct ? undefined : PROXY);
  });
});
