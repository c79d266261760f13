import type { CloudSnapshot, NodePool } from '@aia/cluster';
import type { Change, CloudCall } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { snapshotWith, WEB } from './changes.suite.ts';
import { defaultPreconditions, defaultProbe } from './default-conditions.ts';
import { moneyOf } from './money.ts';
import { quotaEffects } from './quota-effect.ts';

type Fields = Record<string, unknown>;

const POOL: NodePool = {
  name: 'main',
  machineType: 'e2-standard-4',
  diskType: 'pd-ssd',
  diskSizeGb: 100,
  spot: false,
  zones: ['us-central1-a'],
  autoscaling: { minNodes: 1, maxNodes: 5 },
  initialNodes: 1,
  privateNodes: false,
};
const METRICS = [
  'CPUS',
  'INSTANCES',
  'SSD_TOTAL_GB',
  'IN_USE_ADDRESSES',
  'STATIC_ADDRESSES',
  'INTERNAL_ADDRESSES',
  'FORWARDING_RULES',
  'TARGET_POOLS',
];
const rule = (i: number) => ({
  name: `r${i}`,
  region: 'us-central1',
  ipAddress: `35.0.0.${i}`,
  protocol: 'TCP',
  scheme: 'EXTERNAL',
  description: '',
});

function cloud(more: Partial<CloudSnapshot> = {}): Partial<CloudSnapshot> {
  return {
    ...{ provider: 'gcp', project: 'p', addresses: [], disks: [] },
    quotas: METRICS.map((metric) => ({ metric, region: 'us-central1', limit: 100, usage: 10 })),
    forwardingRules: [1, 2, 3, 4, 5, 6].map(rule),
    cluster: {
      name: 'prod',
      location: 'us-central1',
      version: '1.36',
      autopilot: false,
      autoscalingProfile: 'BALANCED',
      nodePools: [POOL],
    },
    ...more,
  };
}

const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels: { 'cloud.google.com/gke-nodepool': 'main' } },
  status: { allocatable: { cpu: '4', memory: '16Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
};
const service = (spec: Fields, ip?: string, annotations: Fields = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'front', namespace: 'default', annotations },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
});
const FRONT = { group: '', kind: 'Service', namespace: 'default', name: 'front' };
const inside: Change = {
  kind: 'patch',
  target: FRONT,
  patch: { type: 'merge', patch: { spec: { type: 'ClusterIP' } } },
};
const call = (one: CloudCall): Change => ({ kind: 'cloud', call: one });

/** `CPUS +4` of each. */
function effects(
  changes: readonly Change[],
  objects: readonly Fields[] = [],
  more: Partial<CloudSnapshot> = {},
): readonly string[] {
  return quotaEffects(changes, snapshotWith(objects, cloud(more))).map(
    ({ metric, amount }) => `${metric} ${amount > 0 ? '+' : ''}${amount}`,
  );
}
const monthly = (changes: readonly Change[], objects: readonly Fields[] = [], more: Partial<CloudSnapshot> = {}) =>
  moneyOf(changes, snapshotWith(objects, cloud(more))).monthly;

describe('quota', () => {
  it('of a load balancer goes back with it, a rule for each protocol', () => {
    const mixed = {
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    };
    expect(effects([inside], [service({}, '35.0.0.1')])).toEqual([
      'FORWARDING_RULES -1',
      'IN_USE_ADDRESSES -1',
      'TARGET_POOLS -1',
    ]);
    expect(effects([{ kind: 'delete', target: FRONT }], [service(mixed, '35.0.0.1')])).toContain('FORWARDING_RULES -2');
    expect(effects([{ kind: 'create', object: service({}) }])).toEqual([
      'FORWARDING_RULES +1',
      'IN_USE_ADDRESSES +1',
      'TARGET_POOLS +1',
    ]);
  });

  it('of one that waits for its address is not taken yet', () => {
    expect(effects([inside], [service({})])).toEqual([]);
    expect(
      effects(
        [{ kind: 'patch', target: FRONT, patch: { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } } }],
        [service({}, '35.0.0.1')],
      ),
    ).toEqual([]);
  });

  it('of an internal one is another', () => {
    const annotations = { 'networking.gke.io/load-balancer-type': 'Internal' };
    expect(effects([{ kind: 'create', object: service({}, undefined, annotations) }])).toContain(
      'INTERNAL_ADDRESSES +1',
    );
  });

  it('of an address in use moves from one metric to the other when it is reserved, and stays when its front goes', () => {
    const reserve = call({ operation: 'reserve-address', name: 'front', address: '35.0.0.1', region: 'us-central1' });
    expect(effects([reserve])).toEqual(['IN_USE_ADDRESSES -1', 'STATIC_ADDRESSES +1']);
    const row = {
      name: 'front',
      address: '35.0.0.1',
      region: 'us-central1',
      status: 'IN_USE',
      addressType: 'EXTERNAL',
      users: [],
    };
    expect(effects([inside], [service({}, '35.0.0.1')], { addresses: [row] })).toEqual([
      'FORWARDING_RULES -1',
      'TARGET_POOLS -1',
    ]);
    expect(
      effects([call({ operation: 'release-address', name: 'free', address: '35.9.9.9', region: 'us-central1' })], [], {
        addresses: [{ ...row, name: 'free', status: 'RESERVED' }],
      }),
    ).toEqual(['STATIC_ADDRESSES -1']);
  });

  it('of machines is taken with their disks and addresses; a wider range of the autoscaler takes none', () => {
    expect(effects([call({ operation: 'resize-node-pool', pool: 'main', from: 1, to: 3 })])).toEqual([
      'CPUS +8',
      'INSTANCES +2',
      'IN_USE_ADDRESSES +2',
      'SSD_TOTAL_GB +200',
    ]);
    expect(
      effects([call({ operation: 'set-pool-autoscaling', pool: 'main', to: { minNodes: 1, maxNodes: 50 } })]),
    ).toEqual([]);
    expect(effects([call({ operation: 'delete-node-pool', pool: 'main' })], [NODE])).toContain('CPUS -4');
  });

  it('of claims is that of their class, twice where it is regional', () => {
    const classOf = (parameters: Fields) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'pd.csi.storage.gke.io',
      parameters,
    });
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { storageClassName: 'fast', volumeName: 'pv', resources: { requests: { storage: '10Gi' } } },
    };
    const target = { group: '', kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data' };
    const grow: Change = {
      kind: 'patch',
      target,
      patch: { type: 'merge', patch: { spec: { resources: { requests: { storage: '25Gi' } } } } },
    };
    expect(effects([grow], [claim, classOf({ type: 'pd-ssd' })])).toEqual(['SSD_TOTAL_GB +15']);
    expect(
      effects([{ kind: 'create', object: claim }], [classOf({ type: 'pd-ssd', 'replication-type': 'regional-pd' })]),
    ).toEqual(['SSD_TOTAL_GB +20']);
    const kept = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv' },
      spec: { persistentVolumeReclaimPolicy: 'Retain' },
    };
    expect(effects([{ kind: 'delete', target }], [claim, classOf({ type: 'pd-ssd' })])).toEqual(['SSD_TOTAL_GB -10']);
    expect(effects([{ kind: 'delete', target }], [claim, kept, classOf({ type: 'pd-ssd' })])).toEqual([]);
  });

  it('of more replicas is that of the nodes which they need beyond what is free, as far as the pool grows', () => {
    const container = { name: 'app', image: 'a:1', resources: { requests: { cpu: '2' } } };
    const web = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 1, template: { spec: { containers: [container] } } },
    };
    const scale = (replicas: number): Change => ({ kind: 'scale', target: WEB, replicas });
    expect(effects([scale(3)], [web, NODE])).toEqual([]);
    // (3 × 2 − 4) ÷ 4 of a node, rounded up.
    expect(effects([scale(4)], [web, NODE])).toContain('INSTANCES +1');
    expect(effects([scale(400)], [web, NODE])).toContain('INSTANCES +4');
  });

  it('asks for room in what is taken, and for none in what is given back', () => {
    const snapshot = snapshotWith([], cloud());
    const resize = call({ operation: 'resize-node-pool', pool: 'main', from: 1, to: 2 });
    const room = defaultPreconditions([resize], snapshot, quotaEffects([resize], snapshot)).filter(
      ({ kind }) => kind === 'quota-room',
    );
    expect(room).toContainEqual({ kind: 'quota-room', metric: 'CPUS', region: 'us-central1', amount: 4 });
    expect(
      defaultPreconditions([inside], snapshotWith([service({}, '35.0.0.1')], cloud()), [
        { metric: 'CPUS', region: 'us-central1', amount: -4 },
      ]).some(({ kind }) => kind === 'quota-room'),
    ).toBe(false);
  });
});

describe('money', () => {
  it('saves 7.30 a month for a forwarding rule beyond the bundle of five, and nothing for one within it', () => {
    expect(monthly([inside], [service({}, '35.0.0.1')])).toBe(-7.3);
    expect(monthly([inside], [service({}, '35.0.0.1')], { forwardingRules: [1, 2, 3].map(rule) })).toBe(0);
    // The last one takes the bundle along: 0.025 × 730.
    expect(monthly([inside], [service({}, '35.0.0.1')], { forwardingRules: [rule(1)] })).toBe(-18.25);
  });

  it('is paid for machines with their disks and addresses', () => {
    const [machine, disk, address] = [(4 * 0.0218 + 16 * 0.0029) * 730, 100 * 0.17, 0.005 * 730];
    expect(monthly([call({ operation: 'resize-node-pool', pool: 'main', from: 1, to: 2 })])).toBeCloseTo(
      machine + disk + address,
      1,
    );
    expect(monthly([call({ operation: 'resize-node-pool', pool: 'main', from: 2, to: 1 })])).toBeCloseTo(
      -(machine + disk + address),
      1,
    );
  });

  it('is paid for an address that is reserved and that nobody uses', () => {
    expect(monthly([call({ operation: 'reserve-address', name: 'a', region: 'us-central1' })])).toBe(7.3);
    expect(
      monthly([call({ operation: 'reserve-address', name: 'a', address: '35.0.0.1', region: 'us-central1' })]),
    ).toBe(0);
  });

  it('tells what it counts', () => {
    expect(moneyOf([inside], snapshotWith([service({}, '35.0.0.1')], cloud())).text).toBe(
      '6 → 5 forwarding rules; estimate, list prices, discounts not included',
    );
    expect(moneyOf([{ kind: 'manual', instruction: 'x' }], snapshotWith([], cloud())).text).toBe(
      'no effect on what is priced',
    );
  });
});

describe('what must hold', () => {
  it('before: fields as the change takes them to be, named so that another position does not matter', () => {
    const web = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: { template: { spec: { containers: [{ name: 'app', image: 'a:1' }] } } },
    };
    const change: Change = {
      kind: 'patch',
      target: WEB,
      patch: {
        type: 'strategic',
        patch: { spec: { template: { spec: { containers: [{ name: 'app', image: 'a:2' }] } } } },
      },
    };
    expect(defaultPreconditions([change], snapshotWith([web]))).toEqual([
      { kind: 'exists', target: WEB },
      { kind: 'field', target: WEB, path: 'spec.template.spec.containers[name=app].image', value: 'a:1' },
    ]);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' } };
    expect(defaultPreconditions([{ kind: 'create', object }], snapshotWith([]))).toMatchObject([{ kind: 'absent' }]);
  });

  it('before an eviction: a budget lets a pod go', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    };
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'guard', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } } },
    };
    const evict: Change = { kind: 'evict', target: { group: '', kind: 'Pod', namespace: 'default', name: 'p' } };
    expect(defaultPreconditions([evict], snapshotWith([pod, budget])).at(-1)).toMatchObject({
      kind: 'disruption-allowed',
      atLeast: 1,
      target: { name: 'guard' },
    });
  });

  it('after: fronts that stay keep an address, those that go give it up, what is deleted is gone', () => {
    const snapshot = snapshotWith([service({}, '35.0.0.1')], cloud());
    const label: Change = {
      kind: 'patch',
      target: FRONT,
      patch: { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } },
    };
    expect(defaultProbe([label], snapshot)).toMatchObject([{ kind: 'address' }]);
    expect(defaultProbe([inside], snapshot)).toMatchObject([{ kind: 'no-address' }]);
    expect(defaultProbe([{ kind: 'delete', target: FRONT }], snapshot)).toMatchObject([{ kind: 'absent' }]);
    expect(
      defaultProbe(
        [call({ operation: 'request-quota', metric: 'CPUS', region: 'us-central1', from: 10, to: 16 })],
        snapshot,
      ),
    ).toEqual([{ kind: 'quota-room', metric: 'CPUS', region: 'us-central1', amount: 6 }]);
  });
});
