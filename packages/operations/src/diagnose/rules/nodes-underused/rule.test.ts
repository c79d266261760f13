import { expect, it } from 'vitest';
import { ago, condition, findingsIn, node, object, ownedBy, pod } from '../../scene.suite.ts';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the nodes that could go', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ nodes: 3, removable: ['node-3'], requestedShare: 0.5 });
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
});
