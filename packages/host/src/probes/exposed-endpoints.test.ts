import { SnapshotBuilder } from '@aia/cluster';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposedEndpoints } from './exposed-endpoints.ts';

const object = (apiVersion: string, kind: string, more: object, metadata: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  ...more,
});
const at = (ip: string) => ({ status: { loadBalancer: { ingress: [{ ip }] } } });
const ingress = (spec: object, metadata: object = {}, status: object = at('203.0.113.7')) =>
  object('networking.k8s.io/v1', 'Ingress', { spec, ...status }, metadata);
const paths = (...all: readonly string[]) => ({
  paths: all.map((path) => ({ path, pathType: 'Prefix', backend: {} })),
});
const gateway = (listeners: readonly object[], metadata: object = {}) =>
  object(
    'gateway.networking.k8s.io/v1',
    'Gateway',
    { spec: { listeners }, status: { addresses: [{ value: '203.0.113.7' }] } },
    metadata,
  );
const route = (hostnames: readonly string[], parentRefs: readonly object[]) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', { spec: { hostnames, parentRefs } });
const service = (ports: readonly object[], more: object = {}) =>
  object('v1', 'Service', { spec: { type: 'LoadBalancer', ports, ...more }, ...at('203.0.113.7') });
const urls = (...objects: readonly unknown[]) => {
  const builder = new SnapshotBuilder();
  for (const one of objects) builder.add(structuredClone(one), 'test');
  return exposedEndpoints(builder.build({ source: { kind: 'dump', name: 'test' } })).map(
    ({ scheme, host, port, path }) => `${scheme}://${host}:${port}${path}`,
  );
};

describe('an Ingress', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['without TLS', ingress({ rules: [{ host: 'a.example' }] }), ['http://a.example:80/']],
    [
      'with TLS for one of two hosts',
      ingress({ rules: [{ host: 'a.example' }, { host: 'b.example' }], tls: [{ hosts: ['a.example'] }] }),
      ['https://a.example:443/', 'http://b.example:80/'],
    ],
    [
      'with a wildcard certificate',
      ingress({ rules: [{ host: 'a.b.example' }], tls: [{ hosts: ['*.b.example'] }] }),
      ['https://a.b.example:443/'],
    ],
    [
      'with a certificate of GKE',
      ingress({ rules: [{ host: 'a.example' }] }, { annotations: { 'networking.gke.io/managed-certificates': 'c' } }),
      ['https://a.example:443/'],
    ],
    ['for every host', ingress({ rules: [{ http: paths('/') }] }), ['http://203.0.113.7:80/']],
    ['for a wildcard', ingress({ rules: [{ host: '*.example' }] }), []],
    [
      'for its first path',
      ingress({ rules: [{ host: 'a.example', http: paths('/api', '/v2') }] }),
      ['http://a.example:80/api'],
    ],
    [
      'for the root among paths',
      ingress({ rules: [{ host: 'a.example', http: paths('/api', '/') }] }),
      ['http://a.example:80/'],
    ],
    [
      'with paths that are no plain ones',
      ingress({ rules: [{ host: 'a.example', http: paths('/api(/|$)(.*)', '/a?delete=1', '/../admin', '//x y') }] }),
      ['http://a.example:80/'],
    ],
    ['without an address', ingress({ rules: [{ host: 'a.example' }] }, {}, { status: {} }), []],
    [
      'that is being deleted',
      ingress({ rules: [{ host: 'a.example' }] }, { deletionTimestamp: '2025-01-01T00:00:00Z' }),
      [],
    ],
    [
      'with a host that is none',
      ingress({ rules: [{ host: 'a b' }, { host: 'x@y' }, { host: '-a' }, { host: 'a..b' }] }),
      [],
    ],
  ])('%s', (_, one, expected) => {
    expect(urls(one)).toEqual(expected);
  });
});

describe('a Gateway', () => {
  const https = { name: 'https', port: 443, protocol: 'HTTPS' };
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['for a host', [gateway([{ ...https, hostname: 'a.example' }])], ['https://a.example:443/']],
    [
      'for the hosts of its routes',
      [gateway([https]), route(['a.example', '*.b.example'], [{ name: 'web' }])],
      ['https://a.example:443/'],
    ],
    [
      'for those below its wildcard',
      [gateway([{ ...https, hostname: '*.example' }]), route(['a.example', 'b.other'], [{ name: 'web' }])],
      ['https://a.example:443/'],
    ],
    ['without a name', [gateway([https])], []],
    ['of another namespace', [gateway([https]), route(['a.example'], [{ name: 'web', namespace: 'blog' }])], []],
    [
      'for something else than HTTP',
      [gateway([{ name: 't', port: 5432, protocol: 'TCP', hostname: 'a.example' }])],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(urls(...objects)).toEqual(expected);
  });
});

describe('a Service', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'by the numbers of its ports',
      service([{ port: 80 }, { port: 443 }, { port: 5432 }]),
      ['https://203.0.113.7:443/', 'http://203.0.113.7:80/'],
    ],
    [
      'by their names',
      service([
        { port: 9000, name: 'http-admin' },
        { port: 80, name: 'postgres' },
      ]),
      ['http://203.0.113.7:80/', 'http://203.0.113.7:9000/'],
    ],
    ['by their protocol', service([{ port: 9000, appProtocol: 'https' }]), ['https://203.0.113.7:9000/']],
    ['over UDP', service([{ port: 443, protocol: 'UDP' }]), []],
    ['inside the cluster', service([{ port: 80 }], { type: 'ClusterIP' }), []],
  ])('%s', (_, one, expected) => {
    expect(urls(one)).toEqual(expected);
  });
});

it('gives nothing but hosts, ports and paths of the form that requests allow', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.double(), (host, path, port) => {
      const listener = { name: 'a', hostname: host, port, protocol: 'HTTP' };
      for (const url of urls(
        ingress({ rules: [{ host, http: paths(path) }] }),
        gateway([listener]),
        service([{ port }]),
      ))
        expect(url).toMatch(/^https?:\/\/[\w.:-]+:\d+(?:\/[\w.~-]*)+$/);
    }),
  );
});
