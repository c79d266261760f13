import { describe, expect, it } from 'vitest';
import { parseNamespaceHold, type NamespaceHold } from './namespace.ts';

const NOTHING: NamespaceHold = { apis: [], remaining: [], finalizers: [] };

describe('parseNamespaceHold', () => {
  it.each<[string, string, Partial<NamespaceHold>]>([
    [
      '1.16–1.36',
      'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: packages.operators.coreos.com/v1: the server is currently unable to handle the request',
      { apis: ['v1.packages.operators.coreos.com'] },
    ],
    [
      '1.27–1.36',
      'Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: custom.metrics.k8s.io/v1beta1: stale GroupVersion discovery: custom.metrics.k8s.io/v1beta1, metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1',
      { apis: ['v1beta1.custom.metrics.k8s.io', 'v1beta1.metrics.k8s.io'] },
    ],
    [
      '1.16–1.36',
      'Some resources are remaining: configmaps. has 1 resource instances, widgets.acme.io has 2 resource instances',
      { remaining: ['configmaps 1', 'widgets.acme.io 2'] },
    ],
    [
      '1.16–1.36',
      'Some content in the namespace has finalizers remaining: acme.io/cleanup in 2 resource instances, foregroundDeletion in 1 resource instances',
      { finalizers: ['acme.io/cleanup 2', 'foregroundDeletion 1'] },
    ],
    ['1.16–1.36', 'All resources successfully discovered', {}],
    ['1.16–1.36', 'All content successfully deleted, may be waiting on finalization', {}],
    ['all', 'Get "https://hook.shop.svc/v1: the server": EOF', {}],
  ])('%s: %s', (_versions, text, expected) => {
    expect(parseNamespaceHold(text)).toEqual({ ...NOTHING, ...expected });
  });
  it('reads hostile text in bounded time', () => {
    const hostile = ['a.', 'a/v1', ' has 1', '/', ' in 1 resource instances']
      .map((part) => part.repeat(100_000))
      .join('');
    expect(parseNamespaceHold(hostile).apis).toEqual([]);
  });
});
