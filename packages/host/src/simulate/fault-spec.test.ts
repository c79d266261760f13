import { describe, expect, it } from 'vitest';
import { parseFaultSpec } from './fault-spec.ts';

describe('parseFaultSpec', () => {
  it.each([
    ['image-missing', { kind: 'image-missing', parameters: {} }],
    ['image-missing@shop/web', { kind: 'image-missing', parameters: {}, target: 'shop/web' }],
    ['node-lost@node-1', { kind: 'node-lost', parameters: {}, target: 'node-1' }],
    ['a:size=3', { kind: 'a', parameters: { size: '3' } }],
    ['a:size=3,how=by-hand@shop/web', { kind: 'a', parameters: { size: '3', how: 'by-hand' }, target: 'shop/web' }],
    ['a:url=http://b:80/?c=d', { kind: 'a', parameters: { url: 'http://b:80/?c=d' } }],
  ])('reads %s', (text, spec) => expect(parseFaultSpec(text)).toEqual(spec));

  it.each(['', ':size=3', '@shop/web', 'a b', 'a:', 'a:size', 'a:size=', 'a@shop/', 'a@shop/web/more', 'a@'])(
    'refuses "%s"',
    (text) => expect(() => parseFaultSpec(text)).toThrow(RangeError),
  );
});
