import { expect, it } from 'vitest';
import { ago, condition, findingsIn, node, object, ownedBy, pod } from '../../scene.suite.ts';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the nodes that could go', () => {
    const [finding] = check(rule, failing);
    expect(finding?.facts).toEqual({
      nodes: 3,
      removable: ['node-3'],
      requestedShare: 0.5,
      pools: ['nodes without a pool: 3 nodes, 50 % requested'],
      blockers: [],
    });
  });

  const workers = ['n1', 'n2'].map((name) => node(name));
  const some = pod('web-1-a', { containers: [{ name: 'app', resources: { requests: { cpu: '1', memory: '1Gi' } } }] });
  const found = (objects: readonly unknown[], more = {}) =>
    findingsIn([object('apps/v1', 'ReplicaSet', 'web-1', { status: {} }), some, ...objects], more)
      .filter(({ code }) => code === rule.code)
      .map(({ facts }) => facts['removable']);
  const controlPlane = object('v1', 'Node', 'n0', {
    metadata: { namespace: undefined, labels: { 'node-role.kubernetes.io/control-plane': '' } },
    spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
    status: { conditions: [condition('Ready', 'True')], allocatable: { cpu: '4', memory: '16Gi', pods: '110' } },
  });
  const cluster = { name: 'c', location: 'us-central1', version: '1.33', autoscalingProfile: '', nodePools: [] };

  it('gives no node of the control plane away, nor one that is not ready', () => {
    expect(found([...workers, controlPlane])).toEqual([['n2']]);
    expect(found([node('n1'), controlPlane])).toEqual([]);
    const spec = { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }] };
    expect(found([node('n1'), { ...node('n2', [condition('Ready', 'Unknown')]), spec }])).toEqual([]);
  });
  it('stays silent while a pod waits for a node, and on Autopilot', () => {
    const waiting = object('v1', 'Pod', 'waits', {
      metadata: ownedBy('ReplicaSet', 'web-1'),
      spec: { containers: [{ name: 'app' }] },
      status: {
        phase: 'Pending',
        conditions: [condition('PodScheduled', 'False', 60, { reason: 'Unschedulable', lastProbeTime: ago(1) })],
      },
    });
    expect(found([...workers, waiting])).toEqual([]);
    expect(found(workers, { cloud: { cluster: { ...cluster, autopilot: true } } })).toEqual([]);
    expect(found(workers, { cloud: { cluster: { ...cluster, autopilot: false } } })).toEqual([['n2']]);
  });
  it('says what each pool requests and uses', () => {
    const pooled = ['n1', 'n2'].map((name) => ({
      ...node(name),
      metadata: { name, labels: { 'cloud.google.com/gke-nodepool': 'pool' } },
    }));
    const metrics = ['n1', 'n2'].map((name) =>
      object('metrics.k8s.io/v1beta1', 'NodeMetrics', name, {
        metadata: { namespace: undefined },
        usage: { cpu: '400m', memory: '1Gi' },
      }),
    );
    const [finding] = findingsIn([
      object('apps/v1', 'ReplicaSet', 'web-1', { status: {} }),
      some,
      ...pooled,
      ...metrics,
    ]).filter(({ code }) => code === rule.code);
    expect(finding?.facts['pools']).toEqual(['pool: 2 nodes, 13 % requested, 10 % used']);
  });
  it('names the pods that keep a node, by the reasons of the autoscaler', () => {
    const alone = pod('alone', { owner: {}, spec: { nodeName: 'n2' } });
    const [finding] = findingsIn([
      object('apps/v1', 'ReplicaSet', 'web-1', { status: {} }),
      some,
      alone,
      ...workers,
    ]).filter(({ code }) => code === rule.code);
    expect(finding?.facts).toMatchObject({
      removable: ['n1'],
      blockers: ['n2: Pod shop/alone has no controller that would replace it (not-replicated)'],
    });
    expect(finding?.message).toContain('1 stays for pods that the autoscaler does not move');
  });
  it('is information where such pods keep every node', () => {
    const keep = ['n1', 'n2'].map((name) => pod(`alone-${name}`, { owner: {}, spec: { nodeName: name } }));
    const [finding] = findingsIn([...keep, ...workers]).filter(({ code }) => code === rule.code);
    expect([finding?.severity, finding?.facts['removable']]).toEqual(['info', []]);
    expect(finding?.message).toContain('none of them can go; 2 stay');
  });
});
