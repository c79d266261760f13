/** Every figure against a cluster small enough to add it up by hand. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../diagnose/examination.ts';
import { examine } from '../diagnose/rule.suite.ts';
import { node, nodeMetrics, OBSERVED, pod, UNREADY } from './cluster.suite.ts';
import { computeKpis } from './kpis.ts';
import { countPods } from './pod-success.ts';

type Scene = Parameters<typeof examine>[0];

function kpi(id: string, scene: Scene | readonly object[]) {
  const examination = examine({
    observedAt: OBSERVED,
    ...(Array.isArray(scene) ? { objects: scene } : (scene as Scene)),
  });
  const found = computeKpis(examination.snapshot, DEFAULT_THRESHOLDS, countPods(examination)).find(
    (one) => one.id === id,
  );
  if (found === undefined) throw new Error(`no KPI ${id}`);
  return found;
}

describe('pod success rate', () => {
  it('is missed at 98 % and met above', () => {
    const pods = (well: number, ill: number) => [
      ...Array.from({ length: well }, (_, i) => pod(`w${i}`)),
      ...Array.from({ length: ill }, (_, i) => pod(`i${i}`, { status: UNREADY })),
    ];
    expect(kpi('pod-success-rate', pods(49, 1))).toMatchObject({ value: 0.98, status: 'missed' });
    expect(kpi('pod-success-rate', pods(99, 1))).toMatchObject({
      value: 0.99,
      status: 'met',
      basis: '99 of 100 pods succeed',
    });
  });

  it('has no value without pods', () => {
    expect(kpi('pod-success-rate', [node('node-1')])).toMatchObject({
      status: 'unknown',
      basis: expect.stringContaining('no pod') as string,
    });
    expect(kpi('pod-success-rate', []).value).toBeUndefined();
  });
});

describe('requests ÷ allocatable', () => {
  it.each([
    ['running pods', [pod('a'), pod('b')], 0.5],
    ['a pod that is being deleted holds its share', [pod('a', { metadata: { deletionTimestamp: OBSERVED } })], 0.25],
    ['a completed pod holds none', [pod('a'), pod('b', { status: { phase: 'Succeeded' } })], 0.25],
    ['nor does one that failed', [pod('a'), pod('b', { status: { phase: 'Failed' } })], 0.25],
    ['nor one that no node took', [pod('a'), pod('b', { spec: { nodeName: '' }, status: { phase: 'Pending' } })], 0.25],
    ['nor one of a node that is gone', [pod('a'), pod('b', { spec: { nodeName: 'gone' } })], 0.25],
  ])('%s', (_, pods, value) => {
    expect(kpi('cpu-requests', [node('node-1'), ...pods])).toMatchObject({ value });
    expect(kpi('memory-requests', [node('node-1'), ...pods])).toMatchObject({ value });
  });

  it('takes the larger of init and main containers, and adds overhead', () => {
    const requests = (cpu: string) => ({ resources: { requests: { cpu } } });
    const big = pod('a', {
      spec: {
        initContainers: [{ name: 'i', ...requests('1') }],
        containers: [{ name: 'c', ...requests('250m') }],
        overhead: { cpu: '200m' },
      },
    });
    expect(kpi('cpu-requests', [node('node-1'), big])).toMatchObject({ value: 0.6, status: 'met' });
  });

  it('counts cordoned nodes, which still run pods', () => {
    expect(
      kpi('cpu-requests', [node('node-1'), node('node-2', { cpu: '2' }, { unschedulable: true }), pod('a')]).value,
    ).toBe(0.125);
  });

  it('has no value without nodes or without pods read', () => {
    expect(kpi('cpu-requests', [pod('a')])).toMatchObject({ status: 'unknown' });
    expect(kpi('cpu-requests', { objects: [node('node-1')], missing: ['pods'] })).toMatchObject({
      status: 'unknown',
      basis: 'pods were not read',
    });
  });

  it('has no value where other namespaces were not read', () => {
    const scene = { objects: [node('node-1'), pod('a')], missing: ['other-namespaces'] };
    for (const id of ['cpu-requests', 'memory-requests', 'active-load-balancers'])
      expect(kpi(id, scene)).toMatchObject({
        status: 'unknown',
        basis: expect.stringMatching(/other|not all/) as string,
      });
  });

  it('is met from 60 % to 80 %, both included', () => {
    const asking = (cpu: string) => [
      node('node-1'),
      pod('a', { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] } }),
    ];
    expect(['1199m', '1200m', '1600m', '1601m'].map((cpu) => kpi('cpu-requests', asking(cpu)).status)).toEqual([
      'missed',
      'met',
      'met',
      'missed',
    ]);
  });
});

describe('usage ÷ allocatable', () => {
  it('comes from the metrics API', () => {
    const objects = [
      node('node-1'),
      node('node-2'),
      nodeMetrics('node-1', '500m', '1Gi'),
      nodeMetrics('node-2', '1', '3Gi'),
    ];
    expect(kpi('cpu-usage', objects)).toMatchObject({ value: 0.375, basis: '1.5 CPU of 4 CPU used' });
    expect(kpi('memory-usage', objects)).toMatchObject({ value: 0.5 });
  });

  it('compares with the nodes that have metrics only, and says so', () => {
    const objects = [
      node('node-1'),
      node('node-2'),
      nodeMetrics('node-1', '500m', '1Gi'),
      nodeMetrics('gone', '9', '9Gi'),
    ];
    expect(kpi('cpu-usage', objects)).toMatchObject({
      value: 0.25,
      basis: '0.5 CPU of 2 CPU used on 1 of 2 nodes; the others have no metrics',
    });
  });

  it('falls back on the newest samples of containers that still run', () => {
    const now = Date.parse(OBSERVED);
    const series = (name: string, at: number, cpu: number) => ({
      namespace: 'a',
      pod: name,
      container: 'c',
      cpu: { times: [at - 60_000, at], values: [1900, cpu] },
      memory: undefined,
    });
    const objects = [node('node-1'), pod('a'), pod('done', { status: { phase: 'Succeeded' } })];
    const containers = [series('a', now, 300), series('deleted', now, 1000), series('done', now, 1000)];
    expect(kpi('cpu-usage', { objects, usage: { sources: ['prometheus'], containers } })).toMatchObject({
      value: 0.15,
    });
    expect(kpi('memory-usage', { objects, usage: { sources: ['prometheus'], containers } }).value).toBeUndefined();
  });

  it('has no value without metrics, and says what is missing', () => {
    expect(kpi('cpu-usage', [node('node-1'), pod('a')])).toMatchObject({
      status: 'unknown',
      basis: expect.stringContaining('metrics API') as string,
    });
    expect(kpi('cpu-usage', [node('node-1'), pod('a')])).not.toHaveProperty('value');
  });
});

describe('certificates', () => {
  const now = Date.parse(OBSERVED);
  const certificate = (serialNumber: string, host: string, change: object = {}) => ({
    source: { kind: 'endpoint' as const, host, port: 443 },
    subject: `CN=${host}`,
    issuer: 'CN=authority',
    serialNumber,
    names: [host, '*.example.com'],
    notBeforeAt: now - 1000,
    notAfterAt: now + 1000,
    expectedHosts: [host],
    chainError: undefined,
    ...change,
  });

  it.each([
    ['valid', certificate('1', 'a.example.com'), 1],
    ['expired at this very moment', certificate('1', 'a.example.com', { notAfterAt: now }), 0],
    ['not valid yet', certificate('1', 'a.example.com', { notBeforeAt: now + 1 }), 0],
    ['with a broken chain', certificate('1', 'a.example.com', { chainError: 'self-signed certificate' }), 0],
    ['for another name', certificate('1', 'a.example.com', { names: ['b.example.com'] }), 0],
  ])('one that is %s', (_, one, value) => {
    expect(kpi('certificate-health', { certificates: [one] })).toMatchObject({
      value,
      status: value === 1 ? 'met' : 'missed',
    });
  });

  it('counts one certificate at two endpoints once, and valid only where both are', () => {
    const shared = certificate('1', 'a.example.com');
    expect(
      kpi('certificate-health', {
        certificates: [shared, certificate('1', 'b.example.com'), certificate('2', 'c.example.com')],
      }),
    ).toMatchObject({
      value: 1,
      basis: '2 of 2 certificates are valid',
    });
    const elsewhere = certificate('1', 'shop.example.org', { names: ['a.example.com'] });
    for (const certificates of [
      [shared, elsewhere],
      [elsewhere, shared],
    ])
      expect(kpi('certificate-health', { certificates })).toMatchObject({
        value: 0,
        basis: '0 of 1 certificate is valid; not shop.example.org:443',
      });
  });

  it('has no value without any', () => {
    expect(kpi('certificate-health', [node('node-1')])).toMatchObject({ status: 'unknown' });
  });
});

describe('active load balancers', () => {
  const service = (name: string, type: string, ingress: readonly object[] = []) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'a' },
    spec: { type },
    status: { loadBalancer: { ingress } },
  });

  it('counts Services of that type, with or without an address', () => {
    const objects = [
      service('a', 'LoadBalancer', [{ ip: '203.0.113.1' }]),
      service('b', 'LoadBalancer', [{ hostname: 'lb.example.com' }]),
      service('c', 'LoadBalancer', [{}]),
      service('d', 'LoadBalancer'),
      service('e', 'ClusterIP'),
      service('f', 'NodePort'),
    ];
    expect(kpi('active-load-balancers', objects)).toMatchObject({
      value: 4,
      status: 'met',
      basis: '2 with an address, 2 waiting for one',
    });
    expect(kpi('active-load-balancers', [...objects, service('g', 'LoadBalancer')])).toMatchObject({
      value: 5,
      status: 'missed',
    });
    expect(kpi('active-load-balancers', [node('node-1')])).toMatchObject({ value: 0, status: 'met' });
    expect(kpi('active-load-balancers', { missing: ['services'] })).toMatchObject({ status: 'unknown' });
  });
});
