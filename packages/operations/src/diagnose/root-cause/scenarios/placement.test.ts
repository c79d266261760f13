/** Pods that wait although there is room: taints, selectors, affinity, spread, ports, volumes, gates. */
import { describe, expect, it } from 'vitest';
import { gated, pending, running } from './pod-states.suite.ts';
import { causeOf, causesOf, outcomesOf, quota, Scene, type Made } from './scene.suite.ts';

const SUFFIX = (nodes: number) =>
  ` preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
const refusal = (nodes: number, reasons: string) => `0/${nodes} nodes are available: ${reasons}.${SUFFIX(nodes)}`;

describe('taints', () => {
  it('that no pod tolerates: one cause, and tolerating it would schedule both', () => {
    const scene = new Scene();
    scene.nodes(2, { taints: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }] });
    scene.deployment('web', {
      pods: [1, 2].map(() => pending(refusal(2, '2 node(s) had untolerated taint {dedicated: batch}'))),
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['untolerated-taint Deployment shop/web 2']);
    const cause = causeOf(assessment, 'untolerated-taint');
    expect(cause.statement).toContain('dedicated');
    expect(outcomesOf(cause)).toContainEqual(expect.stringMatching(/tolerat.*: all 2 pending pods would schedule/));
  });

  it('of the only nodes that have what is asked for are why, and no lack of room', () => {
    const scene = new Scene();
    scene.nodes(2);
    scene.node('gpu', {
      pool: 'gpu',
      more: { 'nvidia.com/gpu': '1' },
      taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
    });
    scene.deployment('trainer', {
      container: { resources: { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '1' } } },
      pods: [
        pending(refusal(3, '1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 Insufficient nvidia.com/gpu')),
      ],
    });
    expect(causesOf(scene.assess())).toEqual(['untolerated-taint Deployment shop/trainer 1']);
  });

  it('of the only nodes with the labels that are asked for are why, and the selector is right', () => {
    const scene = new Scene();
    scene.nodes(1);
    scene.node('gpu', { pool: 'gpu', taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] });
    scene.deployment('trainer', {
      spec: { nodeSelector: { 'cloud.google.com/gke-nodepool': 'gpu' } },
      pods: [
        pending(
          refusal(
            2,
            "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {nvidia.com/gpu: present}",
          ),
        ),
      ],
    });
    const [first] = causesOf(scene.assess());
    expect(first).toBe('untolerated-taint Deployment shop/trainer 1');
  });

  it('of a control plane are incidental where the workers are refused by the selector', () => {
    const scene = new Scene();
    scene.node('control-plane', { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] });
    scene.nodes(3);
    scene.deployment('web', {
      spec: { nodeSelector: { disktype: 'ssd' } },
      pods: [
        pending(
          refusal(
            4,
            "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 node(s) didn't match Pod's node affinity/selector",
          ),
        ),
      ],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['node-affinity-unmatched Deployment shop/web 1']);
    expect(causeOf(assessment, 'node-affinity-unmatched').statement).toContain('disktype=ssd');
  });

  it('of a GPU pool are incidental where the other nodes are full', () => {
    const scene = new Scene();
    const nodes = scene.nodes(2);
    scene.nodes(1, { pool: 'gpu', taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] });
    scene.deployment('catalogue', { cpu: '3600m', pods: nodes.map((name) => running(name)) });
    scene.deployment('web', {
      cpu: '1',
      pods: [
        pending(
          '0/3 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
        ),
      ],
    });
    scene.gke([{ name: 'default-pool' }, { name: 'gpu' }], [quota('CPUS', 12, 12)]);
    expect(causesOf(scene.assess())).toEqual(['quota-exhausted Quota us-central1/CPUS 1']);
  });

  it('of a node that is not ready: the node is the cause', () => {
    const scene = new Scene();
    const node = scene.node('worker', { ready: 'Unknown' });
    scene.deployment('web', {
      pods: [pending(refusal(1, '1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }'))],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual([`node-not-ready Node ${node} 1`]);
  });

  it('that the scheduler only counts, as from 1.36 on, are read from the nodes', () => {
    const scene = new Scene();
    const lost = scene.node('lost', { ready: 'Unknown' });
    scene.deployment('web', { pods: [pending(refusal(1, '1 node(s) had untolerated taint(s)'))] });
    expect(causesOf(scene.assess())).toEqual([`node-not-ready Node ${lost} 1`]);
    const other = new Scene();
    other.nodes(1, { taints: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }] });
    other.deployment('web', { pods: [pending(refusal(1, '1 node(s) had untolerated taint(s)'))] });
    expect(causeOf(other.assess(), 'untolerated-taint').statement).toContain('dedicated=batch');
  });

  it('of a disk that is full: the pressure is the cause', () => {
    const scene = new Scene();
    const node = scene.node('worker', {
      taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }],
      conditions: [
        {
          type: 'DiskPressure',
          status: 'True',
          reason: 'KubeletHasDiskPressure',
          message: 'kubelet has disk pressure',
          lastTransitionTime: '2025-09-27T08:00:00Z',
        },
      ],
    });
    scene.deployment('web', {
      pods: [pending(refusal(1, '1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }'))],
    });
    expect(causesOf(scene.assess())).toEqual([`node-pressure Node ${node} 1`]);
  });
});

describe('selection', () => {
  it('a node selector that no node carries', () => {
    const scene = new Scene();
    scene.nodes(3);
    scene.deployment('web', {
      spec: { nodeSelector: { 'cloud.google.com/gke-nodepool': 'high-mem' } },
      pods: [pending(refusal(3, "3 node(s) didn't match Pod's node affinity/selector"))],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['node-affinity-unmatched Deployment shop/web 1']);
    expect(outcomesOf(causeOf(assessment, 'node-affinity-unmatched'))).toContainEqual(
      expect.stringMatching(/the pending pod would schedule/),
    );
  });

  it('anti-affinity with more replicas than nodes: a further node would do', () => {
    const scene = new Scene();
    const nodes = scene.nodes(2);
    const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' };
    scene.deployment('web', {
      spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
      pods: [
        ...nodes.map((name) => running(name)),
        pending(
          "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
        ),
      ],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['pod-affinity-unmatched Deployment shop/web 1']);
    expect(outcomesOf(causeOf(assessment, 'pod-affinity-unmatched')).join('\n')).toMatch(
      /1 more e2-standard-4 node.*the pending pod would schedule/,
    );
  });

  it('pod affinity to pods that are not there', () => {
    const scene = new Scene();
    scene.nodes(2);
    const term = { labelSelector: { matchLabels: { app: 'cache' } }, topologyKey: 'kubernetes.io/hostname' };
    scene.deployment('web', {
      spec: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
      pods: [pending(refusal(2, "2 node(s) didn't match pod affinity rules"))],
    });
    expect(causesOf(scene.assess())).toEqual(['pod-affinity-unmatched Deployment shop/web 1']);
  });

  it('topology spread over zones of which one has no room', () => {
    const scene = new Scene();
    const a = scene.node('a', { zone: 'us-central1-a' });
    const b = scene.node('b', { zone: 'us-central1-b' });
    scene.deployment('holder', { cpu: '3800m', pods: [running(b)] });
    const constraint = {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    };
    scene.deployment('web', {
      cpu: '500m',
      spec: { topologySpreadConstraints: [constraint] },
      pods: [
        running(a),
        pending(
          "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
        ),
      ],
    });
    const [cause] = scene.assess().rootCauses;
    // Room in the short zone or a wider skew both help; both are said.
    expect(['spread-unsatisfiable', 'capacity-exhausted']).toContain(cause?.class);
    expect(cause?.rivals.length).toBeGreaterThan(0);
  });

  it('a host port that is taken on the one node of a DaemonSet pod: that the other nodes are not its own is no reason', () => {
    const scene = new Scene();
    const [first = '', ...others] = scene.nodes(4);
    const ports = { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] };
    scene.deployment('proxy', { container: ports, pods: [running(first)] });
    const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [first] }] };
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
    };
    scene.daemonSet('edge', {
      container: ports,
      spec: { affinity },
      pods: [
        ...others.map((name) => running(name)),
        pending(
          refusal(
            4,
            "1 node(s) didn't have free ports for the requested pod ports, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]",
          ),
        ),
      ],
    });
    expect(causesOf(scene.assess())).toEqual(['host-port-taken DaemonSet kube-system/edge 1']);
  });

  it('nodes that match the selector and are refused for a volume: the volume is why, however many do not match', () => {
    const scene = new Scene();
    scene.nodes(2, { zone: 'us-central1-b' });
    scene.nodes(4, { zone: 'us-central1-c', pool: 'other' });
    scene.deployment('web', {
      spec: { nodeSelector: { 'topology.kubernetes.io/zone': 'us-central1-b' } },
      pods: [
        pending(
          refusal(
            6,
            "2 node(s) had volume node affinity conflict, 4 node(s) didn't match Pod's node affinity/selector",
          ),
        ),
      ],
    });
    expect(causesOf(scene.assess())).toEqual(['volume-zone-conflict Deployment shop/web 1']);
  });

  it('a host port that is taken on every node', () => {
    const scene = new Scene();
    const nodes = scene.nodes(2);
    scene.deployment('proxy', {
      container: { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] },
      pods: [
        ...nodes.map((name) => running(name)),
        pending(
          "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
        ),
      ],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['host-port-taken Deployment shop/proxy 1']);
    expect(causeOf(assessment, 'host-port-taken').statement).toContain('80');
  });

  it('nodes that are all cordoned', () => {
    const scene = new Scene();
    scene.nodes(2, { unschedulable: true });
    scene.deployment('web', { pods: [pending(refusal(2, '2 node(s) were unschedulable'))] });
    expect(causesOf(scene.assess()).filter((cause) => cause.startsWith('nodes-cordoned'))).toEqual([
      'nodes-cordoned Deployment shop/web 1',
    ]);
  });

  it('the one node that a rule about other pods would leave is cordoned: the cordon, and once', () => {
    const scene = new Scene();
    const [first = '', second = ''] = scene.nodes(2);
    scene.node('away', { unschedulable: true });
    const podAntiAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    };
    const said = "1 node(s) were unschedulable, 2 node(s) didn't match pod anti-affinity rules";
    scene.deployment('web', {
      spec: { affinity: { podAntiAffinity } },
      pods: [running(first), running(second), pending(refusal(3, said))],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['nodes-cordoned Deployment shop/web 1']);
    expect(causeOf(assessment, 'nodes-cordoned').rivals.map((rival) => rival.class)).toEqual([
      'pod-affinity-unmatched',
    ]);
  });

  it('scheduling gates', () => {
    const scene = new Scene();
    scene.nodes(1);
    scene.deployment('web', { spec: { schedulingGates: [{ name: 'example.com/quota' }] }, pods: [gated()] });
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ impact }) => impact.pods)).toEqual([1]);
    expect(JSON.stringify(assessment.rootCauses[0])).toContain('example.com/quota');
  });

  it('no nodes at all', () => {
    const scene = new Scene();
    scene.deployment('web', { pods: [pending('no nodes available to schedule pods')] });
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name, impact }) => [name, impact.pods])).toEqual([['no-nodes', 1]]);
  });
});

describe('volumes', () => {
  const claimVolume = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
  const claim = (scene: Scene, spec: object, status: object): Made =>
    scene.add('v1', 'PersistentVolumeClaim', 'data', 'shop', {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } }, ...spec },
      status,
    });

  it('a claim whose storage class does not exist', () => {
    const scene = new Scene();
    scene.nodes(2);
    scene.add('storage.k8s.io/v1', 'StorageClass', 'standard-rwo', undefined, {
      provisioner: 'pd.csi.storage.gke.io',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    const made = claim(scene, { storageClassName: 'fast' }, { phase: 'Pending' });
    scene.event(made, 'Warning', 'ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found');
    scene.deployment('db', {
      spec: claimVolume,
      pods: [pending(`0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.${SUFFIX(2)}`)],
    });
    const cause = causeOf(scene.assess(), 'storage-class-missing');
    expect(cause.resource).toMatchObject({ kind: 'StorageClass', name: 'fast' });
    expect(cause.statement).toMatch(/storage class fast.*not exist/i);
    expect(cause.impact.pods).toBe(1);
  });

  it('a claim that does not exist', () => {
    const scene = new Scene();
    scene.nodes(2);
    scene.deployment('db', {
      spec: claimVolume,
      pods: [pending(`0/2 nodes are available: persistentvolumeclaim "data" not found.${SUFFIX(2)}`)],
    });
    const cause = causeOf(scene.assess(), 'claim-unusable');
    expect(cause.resource).toMatchObject({ kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' });
    expect(cause.statement).toMatch(/does not exist/);
  });

  it('a disk that the quota of the cloud does not allow', () => {
    const scene = new Scene();
    scene.nodes(2);
    scene.add('storage.k8s.io/v1', 'StorageClass', 'premium-rwo', undefined, {
      provisioner: 'pd.csi.storage.gke.io',
      volumeBindingMode: 'Immediate',
    });
    const made = claim(scene, { storageClassName: 'premium-rwo' }, { phase: 'Pending' });
    scene.event(
      made,
      'Warning',
      'ProvisioningFailed',
      'failed to provision volume with StorageClass "premium-rwo": rpc error: code = ResourceExhausted desc = CreateVolume failed to create single zonal disk pvc-1: failed to insert zonal disk: unknown Insert disk operation error: googleapi: Error 403: Quota \'SSD_TOTAL_GB\' exceeded.  Limit: 500.0 in region us-central1., quotaExceeded',
    );
    scene.deployment('db', {
      spec: claimVolume,
      pods: [pending(`0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.${SUFFIX(2)}`)],
    });
    scene.gke([{ name: 'default-pool' }], [quota('SSD_TOTAL_GB', 500, 500)]);
    const assessment = scene.assess();
    const cause = causeOf(assessment, 'volume-quota-exhausted');
    expect(cause.statement).toContain('SSD_TOTAL_GB');
    expect(cause.remediation.class).toBe('raise-quota');
    expect(cause.explains).toContain('quota-exhausted:compute.googleapis.com/Quota//us-central1/SSD_TOTAL_GB');
  });

  it('two workloads that wait for one claim have one cause', () => {
    const scene = new Scene();
    scene.nodes(2);
    for (const name of ['db', 'backup'])
      scene.deployment(name, {
        spec: claimVolume,
        pods: [pending(`0/2 nodes are available: persistentvolumeclaim "data" not found.${SUFFIX(2)}`)],
      });
    expect(causesOf(scene.assess())).toEqual(['claim-unusable PersistentVolumeClaim shop/data 2']);
  });

  it('a zonal volume in a zone without a free node', () => {
    const scene = new Scene();
    scene.node('a', { zone: 'us-central1-a' });
    scene.node('c', { zone: 'us-central1-c' });
    claim(scene, { volumeName: 'pv-1', storageClassName: 'standard-rwo' }, { phase: 'Bound' });
    const affinity = {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['us-central1-b'] }] },
        ],
      },
    };
    scene.add('v1', 'PersistentVolume', 'pv-1', undefined, {
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        nodeAffinity: affinity,
        claimRef: { namespace: 'shop', name: 'data' },
      },
      status: { phase: 'Bound' },
    });
    scene.deployment('db', {
      spec: claimVolume,
      pods: [pending(refusal(2, '2 node(s) had volume node affinity conflict'))],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['volume-zone-conflict Deployment shop/db 1']);
    expect(causeOf(assessment, 'volume-zone-conflict').statement).toContain('us-central1-b');
  });

  it('nodes that can attach no further volume', () => {
    const scene = new Scene();
    scene.nodes(2);
    scene.deployment('db', { spec: claimVolume, pods: [pending(refusal(2, '2 node(s) exceed max volume count'))] });
    claim(scene, { volumeName: 'pv-1' }, { phase: 'Bound' });
    expect(causesOf(scene.assess())).toEqual(['volume-limit-reached Deployment shop/db 1']);
  });
});
