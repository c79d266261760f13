import { describe, expect, it } from 'vitest';
import {
  boundClaim,
  check,
  claim,
  claimVolume,
  node,
  pod,
  podIn,
  running,
  snapshotOf,
  spec,
  storageClass,
  volume,
  zonal,
  ZONE,
  type Json,
} from './sample.suite.ts';
import { fitPods } from './fit-pods.ts';
import { createWorld, filterNode } from './world.ts';

const HOST = 'kubernetes.io/hostname';
const inZone = (zone: string) => ({
  nodeAffinity: {
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: [zone] }] }] },
  },
});
const late = (fields: Json = {}) => storageClass('late', { volumeBindingMode: 'WaitForFirstConsumer', ...fields });
const csi = (count: number) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSINode',
  metadata: { name: 'n1' },
  spec: { drivers: [{ name: 'd', nodeID: 'n1', allocatable: { count } }] },
});
const claimVolumes = (...names: readonly string[]): Json => ({
  volumes: names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
});
const selectedClaim = (name: string, on: string): Json => ({
  ...claim(name, { storageClassName: 'late' }),
  metadata: { name, namespace: 'shop', annotations: { 'volume.kubernetes.io/selected-node': on } },
});
/** A local volume that nobody has taken. */
const free = (name: string, on: string, storage = '10Gi', fields: Json = {}): Json => ({
  ...volume(name, {
    storageClassName: 'late',
    capacity: { storage },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: HOST, operator: 'In', values: [on] }] }] },
    },
    ...fields,
  }),
  status: { phase: 'Available' },
});
const disk = (name: string) => volume(name, { csi: { driver: 'd', volumeHandle: name } });

describe('volumes', () => {
  check([
    {
      name: 'claim missing',
      objects: [node('n1'), pod('new', spec(claimVolume('data')))],
      reasons: ['persistentvolumeclaim "data" not found'],
    },
    {
      name: 'claim of an ephemeral volume not made yet',
      objects: [
        node('n1'),
        pod('new', spec({ volumes: [{ name: 'tmp', ephemeral: { volumeClaimTemplate: { spec: {} } } }] })),
      ],
      reasons: ['waiting for ephemeral volume controller to create the persistentvolumeclaim "new-tmp"'],
    },
    {
      name: 'claim unbound though it binds at once',
      objects: [
        node('n1'),
        claim('data', { storageClassName: 'fast' }),
        storageClass('fast', { volumeBindingMode: 'Immediate' }),
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: ['pod has unbound immediate PersistentVolumeClaims'],
    },
    {
      name: 'claim lost',
      objects: [
        node('n1'),
        claim('data', { volumeName: 'pv' }, { phase: 'Lost' }),
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: ['persistentvolumeclaim "data" bound to non-existent persistentvolume "pv"'],
    },
    {
      name: 'volume gone',
      objects: [node('n1'), boundClaim('data', 'pv'), pod('new', spec(claimVolume('data')))],
      reasons: ['node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'],
    },
    {
      name: 'volume in another zone, by node affinity',
      objects: [
        zonal('n1', 'a'),
        boundClaim('data', 'pv'),
        volume('pv', inZone('b')),
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: ["node(s) didn't match PersistentVolume's node affinity"],
    },
    {
      name: 'volume in this zone',
      objects: [
        zonal('n1', 'a'),
        boundClaim('data', 'pv'),
        volume('pv', inZone('a'), { [ZONE]: 'b__a' }),
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: [],
    },
    {
      name: 'volume in another zone, by label',
      objects: [
        zonal('n1', 'a'),
        boundClaim('data', 'pv'),
        volume('pv', {}, { 'failure-domain.beta.kubernetes.io/zone': 'b' }),
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: ['node(s) had no available volume zone'],
    },
    {
      name: 'a late claim is made where the pod goes',
      objects: [
        zonal('n1', 'a'),
        late(),
        claim('data', { storageClassName: 'late' }),
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: [],
    },
    {
      name: 'a late claim outside the allowed topologies',
      objects: [
        zonal('n1', 'a'),
        late({ allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: ['b'] }] }] }),
        claim('data', { storageClassName: 'late' }),
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: ["node(s) didn't find available persistent volumes to bind"],
    },
    {
      name: 'local volumes: the only free one is on another node',
      objects: [
        node('n1'),
        late({ provisioner: 'kubernetes.io/no-provisioner' }),
        claim('data', { storageClassName: 'late' }),
        {
          ...volume('pv', {
            storageClassName: 'late',
            nodeAffinity: {
              required: { nodeSelectorTerms: [{ matchExpressions: [{ key: HOST, operator: 'In', values: ['n2'] }] }] },
            },
          }),
          status: { phase: 'Available' },
        },
        pod('new', spec(claimVolume('data'))),
      ],
      reasons: ["node(s) didn't find available persistent volumes to bind"],
    },
    {
      name: 'bound elsewhere and nothing to bind here: both are told, in the order of the scheduler',
      objects: [
        zonal('n1', 'a'),
        late({ provisioner: 'kubernetes.io/no-provisioner' }),
        claim('late', { storageClassName: 'late' }),
        boundClaim('data', 'pv'),
        volume('pv', inZone('b')),
        pod('new', spec(claimVolumes('data', 'late'))),
      ],
      reasons: [
        "node(s) didn't match PersistentVolume's node affinity",
        "node(s) didn't find available persistent volumes to bind",
      ],
    },
    {
      name: 'a claim promised to another node',
      objects: [node('n1'), late(), selectedClaim('data', 'n2'), pod('new', spec(claimVolume('data')))],
      reasons: ["node(s) didn't find available persistent volumes to bind"],
    },
    {
      name: 'a claim promised to this node gets its volume made',
      objects: [node('n1'), late(), selectedClaim('data', 'n1'), pod('new', spec(claimVolume('data')))],
      reasons: [],
    },
    {
      name: 'two claims of one pod cannot share the only free volume',
      objects: [
        node('n1'),
        late({ provisioner: 'kubernetes.io/no-provisioner' }),
        claim('a', { storageClassName: 'late' }),
        claim('b', { storageClassName: 'late' }),
        free('pv', 'n1'),
        pod('new', spec(claimVolumes('a', 'b'))),
      ],
      reasons: ["node(s) didn't find available persistent volumes to bind"],
    },
    {
      name: 'the small claim takes the small volume, whatever their order',
      objects: [
        node('n1'),
        late({ provisioner: 'kubernetes.io/no-provisioner' }),
        claim('big', { storageClassName: 'late', resources: { requests: { storage: '50Gi' } } }),
        claim('small', { storageClassName: 'late' }),
        free('pv-big', 'n1', '50Gi'),
        free('pv-small', 'n1'),
        pod('new', spec(claimVolumes('small', 'big'))),
      ],
      reasons: [],
    },
    {
      name: 'a free volume kept for another claim',
      objects: [
        node('n1'),
        late({ provisioner: 'kubernetes.io/no-provisioner' }),
        claim('a', { storageClassName: 'late' }),
        free('pv', 'n1', '10Gi', { claimRef: { namespace: 'shop', name: 'b' } }),
        pod('new', spec(claimVolume('a'))),
      ],
      reasons: ["node(s) didn't find available persistent volumes to bind"],
    },
    {
      name: 'in-tree disks count against the limit of the driver that took over',
      objects: [
        node('n1'),
        { ...csi(1), spec: { drivers: [{ name: 'ebs.csi.aws.com', nodeID: 'n1', allocatable: { count: 1 } }] } },
        boundClaim('a', 'pa'),
        volume('pa', { awsElasticBlockStore: { volumeID: 'vol-1' } }),
        storageClass('old', { provisioner: 'kubernetes.io/aws-ebs', volumeBindingMode: 'WaitForFirstConsumer' }),
        claim('b', { storageClassName: 'old' }),
        running('x', spec(claimVolume('a'))),
        pod('new', spec(claimVolume('b'))),
      ],
      reasons: ['node(s) exceed max volume count'],
    },
    {
      name: 'driver at its limit',
      objects: [
        node('n1'),
        csi(1),
        boundClaim('a', 'pa'),
        boundClaim('b', 'pb'),
        disk('pa'),
        disk('pb'),
        running('x', spec(claimVolume('a'))),
        pod('new', spec(claimVolume('b'))),
      ],
      reasons: ['node(s) exceed max volume count'],
    },
    {
      name: 'a volume that is attached already counts once',
      objects: [
        node('n1'),
        csi(1),
        boundClaim('a', 'pa'),
        disk('pa'),
        running('x', spec(claimVolume('a'))),
        pod('new', spec(claimVolume('a'))),
      ],
      reasons: [],
    },
    {
      name: 'ReadWriteOncePod in use on another node',
      objects: [
        node('n1'),
        node('n2'),
        boundClaim('a', 'pa', { accessModes: ['ReadWriteOncePod'] }),
        disk('pa'),
        running('x', spec(claimVolume('a')), 'n2'),
        pod('new', spec(claimVolume('a'))),
      ],
      reasons: [
        'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
      ],
    },
  ]);

  it('are promised once: of two pods with local volumes the second finds none left', () => {
    const snapshot = snapshotOf([
      node('n1'),
      late({ provisioner: 'kubernetes.io/no-provisioner' }),
      claim('a', { storageClassName: 'late' }),
      claim('b', { storageClassName: 'late' }),
      free('pv', 'n1'),
      pod('first', spec(claimVolume('a'))),
      pod('second', spec(claimVolume('b'))),
    ]);
    const world = createWorld(snapshot);
    const [first, second] = [podIn(snapshot, 'first'), podIn(snapshot, 'second')];
    expect(filterNode(second, 'n1', world)).toEqual([]);
    world.place(first, 'n1');
    const reasons = ["node(s) didn't find available persistent volumes to bind"];
    expect(filterNode(second, 'n1', world)).toEqual(reasons);
    expect(filterNode(second, 'n1', world.fork())).toEqual(reasons);
    expect(filterNode(second, 'n1', createWorld(snapshot))).toEqual([]);
    world.remove(first, 'n1');
    expect(filterNode(second, 'n1', world)).toEqual([]);
    expect(fitPods([first, second], world).placed).toBe(1);
  });

  it('says nothing about claims that were not read', () => {
    const missing = [{ input: 'kind:PersistentVolumeClaim', reason: 'forbidden', consequence: '' }];
    const snapshot = snapshotOf([node('n1'), pod('new', spec(claimVolume('data')))], missing);
    expect(filterNode(podIn(snapshot, 'new'), 'n1', createWorld(snapshot))).toEqual([]);
  });
});
