/** Storage that keeps pods from running: one cause each, with everything that follows from it. */
import { describe, expect, it } from 'vitest';
import { ago, condition, DAY, HOUR, pending, running, waiting, type PodState } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Made } from './scene.suite.ts';

const UNBOUND =
  '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';
const ASKED = (driver: string) =>
  `Waiting for a volume to be created either by the external provisioner '${driver}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
const PD = 'pd.csi.storage.gke.io';
const mounts = (claim: string) => ({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] });

function storageClass(scene: Scene, name: string, mode = 'WaitForFirstConsumer', provisioner = PD): Made {
  return scene.add('storage.k8s.io/v1', 'StorageClass', name, undefined, {
    provisioner,
    volumeBindingMode: mode,
    allowVolumeExpansion: true,
    parameters: { type: 'pd-ssd' },
  });
}

function claim(scene: Scene, name: string, storageClassName: string, volumeName?: string, size = '20Gi'): Made {
  return scene.add('v1', 'PersistentVolumeClaim', name, 'shop', {
    spec: { storageClassName, resources: { requests: { storage: size } }, ...(volumeName && { volumeName }) },
    status: volumeName === undefined ? { phase: 'Pending' } : { phase: 'Bound', capacity: { storage: size } },
  });
}

function volume(scene: Scene, name: string, claimName: string, zone: string): Made {
  const term = { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] };
  return scene.add('v1', 'PersistentVolume', name, undefined, {
    spec: {
      capacity: { storage: '20Gi' },
      storageClassName: 'standard-rwo',
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { namespace: 'shop', name: claimName },
      csi: { driver: PD, volumeHandle: name },
      nodeAffinity: { required: { nodeSelectorTerms: [term] } },
    },
    status: { phase: 'Bound' },
  });
}

const classesOf = (scene: Scene) => causesOf(scene.assess()).map((cause) => cause.split(' ')[0]);

describe('a claim that is not bound', () => {
  it('for want of its class: one cause for the claims and the pods of two workloads', () => {
    const scene = new Scene();
    scene.nodes(3);
    storageClass(scene, 'standard-rwo');
    for (const name of ['orders', 'stock']) {
      const made = claim(scene, name, 'fast');
      scene.event(made, 'Warning', 'ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found');
      scene.deployment(name, { pods: [pending(UNBOUND)], spec: mounts(name) });
    }
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['storage-class-missing StorageClass fast 2']);
    const cause = causeOf(assessment, 'storage-class-missing');
    expect(cause.explains.filter((id) => id.startsWith('claim-pending'))).toHaveLength(2);
    expect(cause.impact.workloads).toEqual(['Deployment shop/orders', 'Deployment shop/stock']);
  });

  it('for want of its class, without any pod', () => {
    const scene = new Scene();
    scene.nodes(1);
    storageClass(scene, 'standard-rwo');
    claim(scene, 'left', 'fast');
    expect(causesOf(scene.assess())).toEqual(['storage-class-missing StorageClass fast 0']);
  });

  it('because the quota of disks is used up: the quota is the cause', () => {
    const scene = new Scene();
    scene.nodes(3);
    storageClass(scene, 'ssd', 'Immediate');
    const made = claim(scene, 'orders', 'ssd');
    const refusal = `failed to provision volume with StorageClass "ssd": rpc error: code = ResourceExhausted desc = CreateVolume failed to create single zonal disk "pvc-1": failed to insert zonal disk: unknown Insert disk operation error: Quota 'SSD_TOTAL_GB' exceeded.  Limit: 500.0 in region us-central1.`;
    scene.event(made, 'Normal', 'ExternalProvisioning', ASKED(PD));
    scene.event(made, 'Warning', 'ProvisioningFailed', refusal);
    scene.deployment('orders', { pods: [pending(UNBOUND)], spec: mounts('orders') });
    scene.cloud = { quotas: [{ metric: 'SSD_TOTAL_GB', region: 'us-central1', limit: 500, usage: 495 }] };
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['volume-quota-exhausted Quota us-central1/SSD_TOTAL_GB 1']);
    expect(
      causeOf(assessment, 'volume-quota-exhausted').explains.some((id) => id.startsWith('volume-quota-short')),
    ).toBe(true);
  });

  it('because nothing provisions its class', () => {
    const scene = new Scene();
    scene.nodes(2);
    scene.add('storage.k8s.io/v1', 'CSIDriver', PD);
    storageClass(scene, 'gp3', 'Immediate', 'ebs.csi.aws.com');
    const made = claim(scene, 'orders', 'gp3');
    scene.event(made, 'Normal', 'ExternalProvisioning', ASKED('ebs.csi.aws.com'));
    scene.deployment('orders', { pods: [pending(UNBOUND)], spec: mounts('orders') });
    expect(causesOf(scene.assess())).toEqual(['storage-class-provisioner-missing StorageClass gp3 1']);
  });

  it('because the controller of its driver crash-loops: the controller is the cause', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(2);
    scene.add('storage.k8s.io/v1', 'CSIDriver', 'ebs.csi.aws.com');
    storageClass(scene, 'gp3', 'Immediate', 'ebs.csi.aws.com');
    const made = claim(scene, 'orders', 'gp3');
    scene.event(made, 'Normal', 'ExternalProvisioning', ASKED('ebs.csi.aws.com'));
    scene.deployment('orders', { pods: [pending(UNBOUND)], spec: mounts('orders') });
    scene.deployment('ebs-csi-controller', {
      namespace: 'kube-system',
      container: { name: 'csi-provisioner' },
      pods: [
        waiting(node, 'CrashLoopBackOff', 'back-off 5m0s restarting failed container', {
          restarts: 30,
          last: { exitCode: 1, reason: 'Error', startedAt: ago(HOUR), finishedAt: ago(HOUR / 60) },
        }),
      ],
    });
    const assessment = scene.assess();
    expect(assessment.rootCauses).toHaveLength(1);
    const [cause] = assessment.rootCauses;
    expect(cause?.explains.some((id) => id.startsWith('claim-pending'))).toBe(true);
    expect(cause?.explains.some((id) => id.startsWith('pod-unschedulable:/Pod/shop/orders'))).toBe(true);
  });

  it('because its pod is: the claim hangs under the cause of the pod', () => {
    const scene = new Scene();
    scene.nodes(2);
    storageClass(scene, 'standard-rwo');
    claim(scene, 'orders', 'standard-rwo');
    const message =
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";
    scene.deployment('orders', {
      pods: [pending(message)],
      spec: { ...mounts('orders'), nodeSelector: { disk: 'ssd' } },
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['node-affinity-unmatched Deployment shop/orders 1']);
    expect(assessment.rootCauses[0]?.explains.some((id) => id.startsWith('claim-pending'))).toBe(true);
  });

  it('because the provider makes no disk that large', () => {
    const scene = new Scene();
    scene.nodes(2);
    storageClass(scene, 'ssd', 'Immediate');
    const made = claim(scene, 'orders', 'ssd', undefined, '70Ti');
    scene.event(
      made,
      'Warning',
      'ProvisioningFailed',
      'failed to provision volume with StorageClass "ssd": rpc error: code = InvalidArgument desc = disk size cannot be larger than 65536 GB',
    );
    scene.deployment('orders', { pods: [pending(UNBOUND)], spec: mounts('orders') });
    expect(causesOf(scene.assess())).toEqual(['claim-size-unsupported PersistentVolumeClaim shop/orders 1']);
  });
});

describe('a volume in a zone', () => {
  const stuck = [
    condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'ReplicaSet "orders-1" has timed out progressing.'),
  ];

  it('that has no node any more: one cause down to the rollout that is stuck', () => {
    const scene = new Scene();
    scene.nodes(2, { zone: 'us-central1-b' });
    storageClass(scene, 'standard-rwo');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-c');
    const message =
      '0/2 nodes are available: 2 node(s) had volume node affinity conflict. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';
    scene.deployment('orders', { pods: [pending(message)], spec: mounts('orders'), conditions: stuck });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['volume-zone-conflict Deployment shop/orders 1']);
    const { explains, probability } = causeOf(assessment, 'volume-zone-conflict');
    expect(explains.map((id) => id.split(':')[0])).toEqual(
      expect.arrayContaining([
        'volume-zone-conflict',
        'pod-unschedulable',
        'deployment-unavailable',
        'deployment-rollout-stuck',
      ]),
    );
    expect(probability).toBeGreaterThan(0.9);
  });

  it('that has no node, while the others are full: capacity would not help', () => {
    const scene = new Scene();
    const nodes = scene.nodes(2, { zone: 'us-central1-b' });
    for (const node of nodes) scene.deployment(`busy-${node}`, { pods: [running(node)], cpu: '3500m' });
    storageClass(scene, 'standard-rwo');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-c');
    const message =
      '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had volume node affinity conflict. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.';
    scene.deployment('orders', { pods: [pending(message)], spec: mounts('orders'), cpu: '1' });
    expect(classesOf(scene)).toEqual(['volume-zone-conflict']);
  });

  it('whose only node is lost: the node is the cause', () => {
    const scene = new Scene();
    scene.node('b', { zone: 'us-central1-b' });
    scene.node('c', { zone: 'us-central1-c', ready: 'Unknown' });
    storageClass(scene, 'standard-rwo');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-c');
    const message =
      '0/2 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 1 node(s) had volume node affinity conflict. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';
    scene.deployment('orders', { pods: [pending(message)], spec: mounts('orders') });
    expect(classesOf(scene)).toEqual(['node-not-ready']);
  });

  it('whose only node is cordoned: the cordon is the cause', () => {
    const scene = new Scene();
    scene.node('b', { zone: 'us-central1-b' });
    scene.node('c', { zone: 'us-central1-c', unschedulable: true });
    storageClass(scene, 'standard-rwo');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-c');
    const message =
      '0/2 nodes are available: 1 node(s) had volume node affinity conflict, 1 node(s) were unschedulable. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';
    scene.deployment('orders', { pods: [pending(message)], spec: mounts('orders') });
    expect(classesOf(scene)).toEqual(['nodes-cordoned']);
  });
});

describe('a disk that cannot be attached', () => {
  const creating = (node: string): PodState => waiting(node, 'ContainerCreating', '');
  function attachment(scene: Scene, node: string, status: Record<string, unknown>): void {
    scene.add(
      'storage.k8s.io/v1',
      'VolumeAttachment',
      `csi-${node}`,
      undefined,
      {
        spec: { attacher: PD, nodeName: node, source: { persistentVolumeName: 'pv-orders' } },
        status,
      },
      DAY,
    );
  }

  it('because the driver may not: the attachment says why, and the pod follows', () => {
    const scene = new Scene();
    const node = scene.node('a');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-b');
    const text =
      "rpc error: code = PermissionDenied desc = googleapi: Error 403: Required 'compute.instances.attachDisk' permission";
    attachment(scene, node, { attached: false, attachError: { message: text, time: ago(HOUR) } });
    const [pod] = scene.deployment('orders', { pods: [creating(node)], spec: mounts('orders') });
    if (pod !== undefined)
      scene.event(pod, 'Warning', 'FailedAttachVolume', `AttachVolume.Attach failed for volume "pv-orders" : ${text}`);
    expect(causesOf(scene.assess())).toEqual(['volume-attach-failed PersistentVolume pv-orders 1']);
  });

  it('because a lost node still has it: the node is why', () => {
    const scene = new Scene();
    const [lost, node] = [scene.node('lost', { ready: 'Unknown' }), scene.node('b')];
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-b');
    attachment(scene, lost, { attached: true });
    const [pod] = scene.deployment('orders', { pods: [creating(node)], spec: mounts('orders') });
    if (pod !== undefined)
      scene.event(
        pod,
        'Warning',
        'FailedAttachVolume',
        'Multi-Attach error for volume "pv-orders" Volume is already exclusively attached to one node and can\'t be attached to another',
      );
    expect(causesOf(scene.assess()).map((cause) => cause.split(' ')[0])).toEqual(['node-not-ready']);
  });

  it('because a node that is gone still has it', () => {
    const scene = new Scene();
    const node = scene.node('b');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-b');
    attachment(scene, 'gone', { attached: true });
    const [pod] = scene.deployment('orders', { pods: [creating(node)], spec: mounts('orders') });
    if (pod !== undefined)
      scene.event(
        pod,
        'Warning',
        'FailedAttachVolume',
        'Multi-Attach error for volume "pv-orders" Volume is already exclusively attached to one node and can\'t be attached to another',
      );
    expect(causesOf(scene.assess())).toEqual(['volume-attach-failed PersistentVolume pv-orders 1']);
  });

  it('because a lost node still has it: node lost, disk held, pod stuck are one cause', () => {
    const scene = new Scene();
    const [lost, node] = [scene.node('lost', { ready: 'Unknown' }), scene.node('b')];
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-b');
    attachment(scene, lost, { attached: true });
    const [pod] = scene.deployment('orders', { pods: [creating(node)], spec: mounts('orders') });
    if (pod !== undefined)
      scene.event(
        pod,
        'Warning',
        'FailedAttachVolume',
        'Multi-Attach error for volume "pv-orders" Volume is already exclusively attached to one node and can\'t be attached to another',
      );
    const assessment = scene.assess();
    expect(assessment.rootCauses.map((cause) => cause.class)).toEqual(['node-not-ready']);
    expect(assessment.rootCauses[0]?.explains.map((id) => id.split(':')[0])).toEqual(
      expect.arrayContaining(['volume-attach-failed', 'pod-volume-mount-failed', 'deployment-unavailable']),
    );
  });

  it('because the nodes have all the disks they can have', () => {
    const scene = new Scene();
    const node = scene.node('a');
    scene.add('storage.k8s.io/v1', 'CSINode', node, undefined, {
      spec: { drivers: [{ name: PD, nodeID: 'a', allocatable: { count: 1 } }] },
    });
    storageClass(scene, 'standard-rwo');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-b');
    attachment(scene, node, { attached: true });
    claim(scene, 'stock', 'standard-rwo', 'pv-stock');
    volume(scene, 'pv-stock', 'stock', 'us-central1-b');
    scene.deployment('orders', { pods: [running(node)], spec: mounts('orders') });
    const message =
      '0/1 nodes are available: 1 node(s) exceed max volume count. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
    scene.deployment('stock', { pods: [pending(message)], spec: mounts('stock') });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['volume-limit-reached Deployment shop/stock 1']);
    expect(causeOf(assessment, 'volume-limit-reached').explains.some((id) => id.startsWith('node-volume-limit'))).toBe(
      true,
    );
  });
});

describe('a claim that is of no use', () => {
  it('because its volume is gone', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.add('v1', 'PersistentVolumeClaim', 'orders', 'shop', {
      spec: { volumeName: 'pv-orders', storageClassName: 'x' },
      status: { phase: 'Lost' },
    });
    const message =
      '0/1 nodes are available: persistentvolumeclaim "orders" bound to non-existent persistentvolume "pv-orders". preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
    scene.deployment('orders', { pods: [pending(message)], spec: mounts('orders') });
    scene.deployment('other', { pods: [running(node)] });
    expect(causesOf(scene.assess())).toEqual(['claim-lost PersistentVolumeClaim shop/orders 1']);
  });

  it('because it was deleted while its old pod still runs', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.add('v1', 'PersistentVolumeClaim', 'orders', 'shop', {
      metadata: { deletionTimestamp: ago(HOUR), finalizers: ['kubernetes.io/pvc-protection'] },
      spec: { volumeName: 'pv-orders', storageClassName: 'x' },
      status: { phase: 'Bound' },
    });
    const message =
      '0/1 nodes are available: persistentvolumeclaim "orders" is being deleted. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
    scene.deployment('orders', { replicas: 2, pods: [running(node), pending(message)], spec: mounts('orders') });
    expect(causesOf(scene.assess())).toEqual(['claim-deletion-blocked PersistentVolumeClaim shop/orders 1']);
  });

  it('well within its size, and no cause at all', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    storageClass(scene, 'standard-rwo');
    claim(scene, 'orders', 'standard-rwo', 'pv-orders');
    volume(scene, 'pv-orders', 'orders', 'us-central1-b');
    scene.deployment('orders', { pods: [running(node)], spec: mounts('orders') });
    scene.cloud = { quotas: [{ metric: 'SSD_TOTAL_GB', region: 'us-central1', limit: 500, usage: 20 }] };
    expect(causesOf(scene.assess())).toEqual([]);
  });
});
